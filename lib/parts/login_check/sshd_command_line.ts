import { pathOnDisk, readIfThere } from "../login/login_machine.ts";

/** Where distributions have options for sshd's command line, which override its files. */
const OPTION_FILES: readonly string[] = [
  "/etc/default/ssh",
  "/etc/default/sshd",
  "/etc/sysconfig/sshd",
  "/etc/conf.d/sshd",
];

/** Whether sshd's command line may have settings, or name another file for them. */
export function setByCommandLine(etcDir: string): boolean {
  return OPTION_FILES.some((path) => {
    const text = readIfThere(pathOnDisk(path, etcDir)) ?? "";
    return text.split("\n").some((line) =>
      !/^\s*#/.test(line) && /OPT|CONF/i.test(line) &&
      /["'=\s]-(?:[a-zA-Z]*[of])|sshd_config/.test(line)
    );
  });
}
