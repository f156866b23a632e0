import { PROGRAM_NAME, VERSION } from "../version.ts";

/**
 * Says which versions the program is made of.
 *
 * @returns A line each for the program, Deno, and the packages of `@std`.
 */
export function versions(): string {
  return `${PROGRAM_NAME} ${VERSION}
deno ${Deno.version.deno}
@std/cli ${origin(import.meta.resolve("@std/cli/parse-args"))}
@std/log ${origin(import.meta.resolve("@std/log/logger"))}
@std/xml ${origin(import.meta.resolve("@std/xml/parse"))}
`;
}

/**
 * Names the package that a module came from.
 *
 * @param url Where the module was resolved to.
 * @returns Such as `jsr:@std/xml@0.2.0`, or that it is a stand-in.
 */
export function origin(url: string): string {
  const match = /@std\/([a-z-]+)[/@]([0-9]+\.[0-9]+\.[0-9]+)/.exec(url);
  return match === null
    ? "stand-in from npm (for testing)"
    : `jsr:@std/${match[1]}@${match[2]}`;
}
