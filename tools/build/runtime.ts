/**
 * What compiling depends on in the version of Deno, and nothing else does.
 *
 * @module
 */

/** What a compiled program runs on. */
export interface Runtime {
  /**
   * Whether the program is a script with a code cache. `node:vm`, which runs it, costs less
   * than V8 does for compiling; since 2.9 it is compiled from source itself, and costs more.
   */
  readonly codeCache: boolean;
  /** Whether the base executable has unwind tables; Deno has left them out since 2.9. */
  readonly unwindTables: boolean;
}

/**
 * Returns what the runtime of a version is like.
 *
 * @param version Such as `2.7.11`.
 */
export function runtimeOf(version: string): Runtime {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < 2 || major === 2 && minor < 9;
  return { codeCache: isOld, unwindTables: isOld };
}

/** The runtime of the Deno that compiles. */
export const RUNTIME: Runtime = runtimeOf(Deno.version.deno);
