import type { RunResult } from "../../lib/host/run_program.ts";
import type { Host } from "../../lib/host/host.ts";
import { tempDir } from "./temp_dir.ts";

/** What a program of a made-up machine does; one that is not named is not installed. */
export type MadeUpProgram =
  /** It sets the host name. */
  | "works"
  /** It exits with 0 and changes nothing. */
  | "lies"
  /** It fails. */
  | "fails";

/** Options of {@linkcode madeUpHost}. */
export interface MadeUpHostOptions {
  /** The programs that are installed. */
  readonly programs?: Readonly<Record<string, MadeUpProgram>>;
  /** The files of its /etc, by name. */
  readonly etc?: Readonly<Record<string, string | Uint8Array>>;
  /** Its /etc cannot be a folder. */
  readonly etcIsFile?: boolean;
}

/** A machine that a test makes up; its name and files are nobody's. */
export interface MadeUpHost extends Host, AsyncDisposable {
  /** The command lines that were run. */
  readonly runs: readonly string[];
  /** The options that programs were run with. */
  readonly signals: readonly (AbortSignal | undefined)[];
  /**
   * Reads a file of its /etc.
   *
   * @param name The file's name.
   */
  readEtc(name: string): Promise<string>;
}

/**
 * Makes up a machine whose name is "image".
 *
 * @param options What is installed, and what is in its /etc.
 * @returns The machine.
 */
export async function madeUpHost(
  options: MadeUpHostOptions = {},
): Promise<MadeUpHost> {
  const dir = await tempDir();
  const etcDir = `${dir.path}/etc`;
  if (options.etcIsFile) await Deno.writeTextFile(etcDir, "");
  else await Deno.mkdir(etcDir);
  for (const [name, content] of Object.entries(options.etc ?? {})) {
    await (typeof content === "string"
      ? Deno.writeTextFile(`${etcDir}/${name}`, content)
      : Deno.writeFile(`${etcDir}/${name}`, content));
  }
  const runs: string[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  let current = "image";
  return {
    etcDir,
    runs,
    signals,
    currentName: () => current,
    has: (name) => options.programs?.[name] !== undefined,
    revoke: () => {},
    run(name, { args, signal }): Promise<RunResult> {
      runs.push([name, ...args].join(" "));
      signals.push(signal);
      const program = options.programs?.[name];
      if (program === undefined) return Promise.resolve({ kind: "absent" });
      if (program === "fails") {
        return Promise.resolve({ kind: "failed", reason: `${name}: broken` });
      }
      if (program === "works") current = args.at(-1)!;
      return Promise.resolve({ kind: "ok" });
    },
    readEtc: (name) => Deno.readTextFile(`${etcDir}/${name}`),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}
