import { RUNS_ALL, VARIABLE } from "../helpers/runs_all.ts";
import { VM_OBSTACLE } from "../helpers/vm.ts";

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
 */
export function faultTest(
  name: string,
  options: FaultTestOptions,
  test: () => Promise<void>,
): void {
  const { shared = false } = options;
  const reason = obstacleOf(options);
  if (reason !== undefined) sayOnce(reason);
  Deno.test({
    name,
    ignore: reason !== undefined,
    sanitizeOps: !shared,
    sanitizeResources: !shared,
    fn: test,
  });
}

/** Why a test is skipped, or `undefined` if it runs. */
export function obstacleOf(
  { slow = false, obstacle }: FaultTestOptions,
): string | undefined {
  return VM_OBSTACLE ?? obstacle ??
    (slow && !RUNS_ALL ? `they are slow, set ${VARIABLE}=all` : undefined);
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
