/** A line of a PAM service. */
export interface PamLine {
  /** Such as `auth` or `account`. */
  readonly type: string;
  /** Such as `required`. */
  readonly control: string;
  /** The module, without its folder. */
  readonly module: string;
  /** What follows it. */
  readonly args: readonly string[];
}

/** The most files of a service. */
const MAX_FILES = 32;

/**
 * Reads a service of PAM, with all that it includes.
 *
 * @param service Such as `sshd`.
 * @param read Returns the text of a service's file; `undefined` if there is none.
 * @returns `undefined` if there is no such service, or it cannot be read to its end.
 */
export function readPamStack(
  service: string,
  read: (service: string) => string | undefined,
): PamLine[] | undefined {
  let count = 0;
  function linesOf(name: string, only: string | undefined): PamLine[] {
    const text = ++count > MAX_FILES ? undefined : read(name);
    if (text === undefined) throw new Error(name);
    return text.replaceAll("\\\n", " ").split("\n").flatMap((line) => {
      const words = line.replace(/#.*/, "").trim().replace(
        /\[[^\]]*\]/,
        (list) => list.replaceAll(/\s+/g, "\0"),
      ).split(/\s+/);
      const [first = "", control = "", module = "", ...args] = words;
      if (first === "@include") return linesOf(control, only);
      const type = first.replace(/^-/, "").toLowerCase();
      if (module === "" || (only !== undefined && type !== only)) return [];
      if (["include", "substack"].includes(control)) {
        return linesOf(module, type);
      }
      const name = module.slice(module.lastIndexOf("/") + 1);
      return [{ type, control: control.toLowerCase(), module: name, args }];
    });
  }
  try {
    return linesOf(service, undefined);
  } catch {
    return undefined;
  }
}

/** Modules that ask for nothing but a password, or for nothing at all. */
const PLAIN_MODULES = [
  ..."unix deny permit nologin env faildelay faillock cap securetty".split(" "),
  ..."sepermit succeed_if localuser usertype lastlog umask shells".split(" "),
  ..."warn keyinit loginuid limits access group".split(" "),
].map((name) => `pam_${name}.so`);

/** Whether PAM may ask a user for something beside a password. */
export function mayAskMore(stack: readonly PamLine[] | undefined): boolean {
  return stack === undefined ||
    stack.some(({ type, module }) =>
      type === "auth" && !PLAIN_MODULES.includes(module)
    );
}

/** Whether a module has to succeed for a type. */
export function isRequired(
  module: string,
  type: string,
  stack: readonly PamLine[] | undefined,
): boolean {
  return (stack ?? []).some((line) =>
    line.module === module && line.type === type &&
    ["required", "requisite"].includes(line.control)
  );
}
