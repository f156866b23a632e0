/** A shell that install.sh has to run under, and how it is started. */
export interface Shell {
  /** Its name. */
  readonly name: string;
  /** The words that start it. */
  readonly command: readonly [string, ...string[]];
}

const ALL: readonly Shell[] = [
  { name: "dash", command: ["dash"] },
  { name: "busybox ash", command: ["busybox", "sh"] },
];

/** The shells that are here. */
export const SHELLS: readonly Shell[] = ALL.filter(isHere);

function isHere({ name, command: [program, ...args] }: Shell): boolean {
  try {
    const { success } = new Deno.Command(program, {
      args: [...args, "-c", "exit 0"],
    }).outputSync();
    if (success) return true;
  } catch {
    // It is not installed.
  }
  console.error(
    `Tests of install.sh under ${name} are skipped: it is not here`,
  );
  return false;
}
