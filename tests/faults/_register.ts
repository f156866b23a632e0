import { VM_OBSTACLE } from "../helpers/vm.ts";

/** Set to `all`, it has the slow tests of this folder run, too. */
const VARIABLE = "AZURE_PROVISIONING_TESTS";
/** Whether the slow tests run, too. */
export const RUNS_ALL: boolean = Deno.env.get(VARIABLE) === "all";

/** What a test of a fault needs. */
export interface FaultTestOptions {
  /** It runs only when all tests are asked for. */
  readonly slow?: boolean;
  /** Why it cannot run here. */
  readonly obstacle?: string | undefined;
  /** Whether it shares work with other tests that goes on beside them. */
  readonly shared?: boolean;
}

/** Each file of tests has modules of its own; the environment is what they share. */
const SAID = "AZURE_PROVISIONING_TESTS_SKIPPED";

/**
 * Registers a test that makes a machine of its own; where it is skipped, the reason
 * is printed once.
 *
 * @param name What holds.
 * @param options What it needs.
 * @param test The test.
 */
export function faultTest(
  name: string,
  { slow = false, obstacle, shared = false }: FaultTestOptions,
  test: () => Promise<void>,
): void {
  const reason = VM_OBSTACLE ?? obstacle ??
    (slow && !RUNS_ALL ? `they are slow, set ${VARIABLE}=all` : undefined);
  if (reason !== undefined) sayOnce(reason);
  Deno.test({
    name,
    ignore: reason !== undefined,
    sanitizeOps: !shared,
    sanitizeResources: !shared,
    fn: test,
  });
}

function sayOnce(reason: string): void {
  const said = Deno.env.get(SAID) ?? "";
  if (said.includes(reason)) return;
  Deno.env.set(SAID, `${said}${reason}\n`);
  console.error(`Some tests of faults are skipped: ${reason}`);
}

/**
 * Looks for programs that a test needs.
 *
 * @param programs Their names.
 * @returns Which one is missing, or `undefined`.
 */
export function missing(...programs: readonly string[]): string | undefined {
  const name = programs.find((program) => !isInstalled(program));
  return name === undefined ? undefined : `they need the program "${name}"`;
}

function isInstalled(program: string): boolean {
  return ["/usr/bin", "/usr/sbin", "/bin", "/sbin"].some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}
