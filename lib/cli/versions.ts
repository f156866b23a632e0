import { PROGRAM_NAME, VERSION } from "../version.ts";

/** Lists the versions of the program, Deno, and the packages of `@std`, one per line. */
export function versions(): string {
  return `${PROGRAM_NAME} ${VERSION}
deno ${Deno.version.deno}
@std/cli ${origin(import.meta.resolve("@std/cli/parse-args"))}
@std/log ${origin(import.meta.resolve("@std/log/logger"))}
@std/xml ${origin(import.meta.resolve("@std/xml/parse"))}
`;
}

/**
 * Names the package of a module.
 *
 * @param url The module's resolved URL.
 * @returns Such as `jsr:@std/xml@0.2.0`, or a note that it is a stand-in.
 */
export function origin(url: string): string {
  const match = /@std\/([a-z-]+)[/@]([0-9]+\.[0-9]+\.[0-9]+)/.exec(url);
  return match === null
    ? "stand-in from npm (for testing)"
    : `jsr:@std/${match[1]}@${match[2]}`;
}
