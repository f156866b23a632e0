import { putFiles } from "./_put_files.ts";
import { succeed } from "../helpers/command.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { type OvfEnvValues, ovfEnvXml, PASSWORD } from "../media/_ovf_env.ts";
import type { Boot } from "./_boot.ts";
import { BOOT_MS } from "./_boot_case.ts";

/**
 * Makes provisioning media. The drive is a loop device, as this machine may have no other,
 * and the file system one that its kernel has: see {@linkcode putDrive}.
 *
 * @param values What they hold.
 * @param drive What the drive is called in the machine.
 * @returns The option of systemd-nspawn that gives them to a machine; disposing of it takes them away.
 */
export async function makeMedium(
  values: OvfEnvValues,
  drive = "/dev/sr0",
): Promise<
  AsyncDisposable & { readonly nspawn: readonly string[] }
> {
  await using made = new AsyncDisposableStack();
  const { path } = made.use(await tempDir());
  await Deno.mkdir(`${path}/files`);
  await Deno.writeTextFile(
    `${path}/files/ovf-env.xml`,
    ovfEnvXml(values),
  );
  const image = `${path}/medium`;
  await succeed("mke2fs", [
    ...["-q", "-t", "ext4", "-d", `${path}/files`, image, "1M"],
  ]);
  const device = (await succeed("losetup", ["-f", "--show", "-r", image]))
    .trim();
  made.defer(async () => void await succeed("losetup", ["-d", device]));
  const resources = made.move();
  return {
    nspawn: [`--bind=${device}:${drive}`],
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** What a drive is called before it appears. */
export const LATE_DRIVE = "/dev/late-drive";

/** Has a root's kernel look as if it could load a driver of drives, so that one may appear. */
export async function putDriver(tree: string): Promise<void> {
  await putFiles(tree, [{
    path: `/usr/lib/modules/${Deno.osRelease()}/modules.dep`,
    text: "kernel/drivers/scsi/sr_mod.ko: kernel/drivers/cdrom/cdrom.ko\n",
  }]);
}

/** Media with the password of the user "ada". */
export function passwordMedia(computerName: string): OvfEnvValues {
  return {
    HostName: computerName,
    UserName: "ada",
    UserPassword: PASSWORD,
    DisableSshPasswordAuthentication: "false",
  };
}

/** Waits until the program has asked for the metadata. */
export async function untilMetadata(boot: Boot): Promise<void> {
  await boot.until(
    "the program has asked for the metadata",
    () => boot.platform!.seen().lines.some((line) => /metadata/.test(line)),
    BOOT_MS,
  );
}

/** Has {@linkcode LATE_DRIVE} appear. */
export async function showDrive(boot: Boot): Promise<void> {
  await Deno.symlink(LATE_DRIVE, `/proc/${boot.firstProcess()}/root/dev/sr0`);
}

/** Has a root mount such media where it looks for a UDF. */
export async function putDrive(tree: string): Promise<void> {
  await putFiles(tree, [{
    path: "/usr/local/sbin/mount",
    mode: 0o755,
    text: `#!/bin/sh
before=
for word; do
  shift
  case "$before $word" in '-t udf' | '-t udf,'*) word=ext4 ;; esac
  set -- "$@" "$word"
  before=$word
done
exec /bin/mount "$@"
`,
  }]);
}
