import {
  type LoginMachine,
  readIfThere,
  vendorFolderOf,
} from "../login_machine.ts";

/**
 * Finds the one of the folders of homes that a path is in.
 *
 * @param path A path that may have been written by hand.
 * @returns `undefined` if it is in none, or not a plain absolute path.
 */
export function homesDirOf(
  path: string,
  { homesDirs }: Pick<LoginMachine, "homesDirs">,
): string | undefined {
  const [start, ...parts] = path.split("/");
  if (start !== "" || parts.some((part) => ["", ".", ".."].includes(part))) {
    return undefined;
  }
  return homesDirs.find((folder) =>
    path === folder || path.startsWith(`${folder}/`)
  );
}

/**
 * The folder that a new user's home goes to: the one that useradd uses by default. If
 * the program may not write there, it is the first of `homesDirs`, with a warning.
 */
export function homesDirForNewUser(machine: LoginMachine): string {
  const { etcDir, homesDirs, log } = machine;
  const [first] = homesDirs as [string];
  const paths = [etcDir, vendorFolderOf(etcDir)].map((folder) =>
    `${folder}/default/useradd`
  );
  for (const path of paths) {
    const text = readIfThere(path);
    if (text === undefined) continue;
    const configured = [...text.matchAll(/^HOME=(.*)$/gm)].at(-1)?.[1]?.trim()
      .replace(/(?<=.)\/+$/, "");
    if (configured === undefined || configured === "") return first;
    if (homesDirOf(configured, machine) !== undefined) return configured;
    log.warn(
      `New homes go to "${first}": HOME of "${path}" is "${configured}", where this program may not write; set it to a folder below ${
        homesDirs.join(", ")
      }`,
    );
    return first;
  }
  return first;
}
