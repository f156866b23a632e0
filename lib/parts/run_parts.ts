import { ExitCode } from "../exit_code.ts";
import {
  asProvisioningError,
  ProvisioningError,
} from "../provisioning_error.ts";
import type { PhaseResult, Recorder } from "../record/recorder.ts";
import type { Part, PartContext, PartOutcome } from "./part.ts";
import type { PartSelection } from "./select_parts.ts";

/** What all parts get together, however late it is, in milliseconds. */
const PARTS_RESERVE_MS = 1_000;

/** Options of {@linkcode runParts}. */
export interface RunPartsOptions {
  /** Which parts are required. */
  readonly selection: PartSelection;
  /** What the parts get. */
  readonly context: Omit<PartContext, "required" | "phases">;
  /** Where is kept how they went. */
  readonly recorder: Recorder;
}

/**
 * Runs parts, one after the other.
 *
 * @param parts Those that have something to do.
 * @param options What they get.
 * @throws {ProvisioningError} If a part fails that the VM cannot be ready without, or
 * is not done in time.
 * @throws The signal's reason, if it is aborted.
 */
export async function runParts(
  parts: readonly Part[],
  { selection, context, recorder }: RunPartsOptions,
): Promise<void> {
  const { clock, log, signal } = context;
  const deadline = Math.max(context.deadline, clock.now() + PARTS_RESERVE_MS);
  for (const part of parts) {
    const required = selection.get(part.name) === "required";
    await recorder.phase(part.name, async (): Promise<PhaseResult> => {
      try {
        const outcome = await runInTime(part, {
          ...context,
          deadline,
          required,
          phases: recorder.phases,
        });
        return judge(part, outcome, required, context);
      } catch (error) {
        signal?.throwIfAborted();
        const problem = asProvisioningError(error);
        if (required || !part.dispensable) throw problem;
        log.warn(`${problem.message}; going on without "${part.name}"`);
        return { outcome: "warned", what: problem.message };
      }
    }, (result) => result);
  }
}

/** A part that has something to do is not left out quietly. */
function judge(
  { name }: Part,
  outcome: PartOutcome,
  required: boolean,
  { log }: Pick<PartContext, "log">,
): PhaseResult {
  if (outcome.kind === "done") {
    log.info(`${name}: ${outcome.what}`);
    return { outcome: "done", what: outcome.what };
  }
  if (required) {
    throw new ProvisioningError(
      `The part "${name}" is required and was not done: ${outcome.why}; mend that in the image, or require it no more`,
      { key: "part_skipped", exitCode: ExitCode.configuration },
    );
  }
  log.warn(`${name}: ${outcome.why}; skipped`);
  return { outcome: "skipped", what: outcome.why };
}

/** A part that waits for ever is left behind, and the run goes on to its report. */
async function runInTime(
  { name, load }: Part,
  context: PartContext,
): Promise<PartOutcome> {
  const { clock, deadline, signal } = context;
  const remainingMs = Math.max(0, deadline - clock.now());
  const timeout = AbortSignal.timeout(Math.min(remainingMs, 2 ** 31 - 1));
  const ends = signal === undefined
    ? timeout
    : AbortSignal.any([signal, timeout]);
  signal?.throwIfAborted();
  const { run } = await load();
  const reason = () =>
    signal?.aborted ? signal.reason : new ProvisioningError(
      `The part "${name}" was not done in time; give it more with --timeout, or leave it out with --without ${name}`,
      { key: "part_timed_out", exitCode: ExitCode.gaveUp },
    );
  // What passed while the part was loaded is not said again.
  if (ends.aborted) throw reason();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = () => reject(reason());
  ends.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([run({ ...context, signal: ends }), ended]);
  } finally {
    ends.removeEventListener("abort", end);
  }
}
