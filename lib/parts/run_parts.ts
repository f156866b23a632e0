import type { Metadata } from "../imds/metadata.ts";
import {
  asProvisioningError,
  ExitCode,
  ProvisioningError,
} from "../provisioning_error.ts";
import type { PhaseResult, Recorder } from "../record/recorder.ts";
import { timeLimit } from "../time_limit.ts";
import type { Part, PartContext, PartOutcome } from "./part.ts";
import type { PartSelection } from "./select_parts.ts";

/** What the parts get together, however late it is, in milliseconds. */
const PARTS_RESERVE_MS = 1_000;

/** Options of {@linkcode runParts}. */
export interface RunPartsOptions {
  /** The parts that may run, and those that are required. */
  readonly selection: PartSelection;
  /** The metadata, or why there is none. */
  readonly metadata: Metadata;
  /** What all parts work with. */
  readonly context: Omit<
    PartContext,
    "instance" | "metadataError" | "required" | "phases"
  >;
  /** Keeps how each part went. */
  readonly recorder: Recorder;
}

/**
 * Runs the parts that are selected and that the metadata asks for, one after the other.
 *
 * Later than the context's deadline they still get a second together, which begins after
 * the parts that limit themselves.
 *
 * @param table All parts.
 * @param options What to run, and on what.
 * @throws {ProvisioningError} If a part fails, or is not done in time, without which the
 * VM is not ready; or if a required part has no metadata to work with.
 * @throws The signal's reason, if it is aborted.
 */
export async function runParts(
  table: readonly Part[],
  { selection, metadata, context, recorder }: RunPartsOptions,
): Promise<void> {
  const { clock, log } = context;
  const shared = {
    ...context,
    instance: metadata.ok ? metadata.value : {},
    metadataError: metadata.ok ? undefined : metadata.error,
    requiredParts: table.map(({ name }) => name)
      .filter((name) => selection.get(name) === "required"),
  };
  let reserved: number | undefined;
  for (const part of table) {
    const choice = selection.get(part.name);
    const why = whyNot(part, choice, shared);
    if (why !== undefined) {
      log.debug(`${part.name}: ${why}`);
      recorder.skip(part.name, why);
      continue;
    }
    const required = choice === "required";
    const { phases } = recorder;
    const deadline = part.limitsItself
      ? context.deadline
      : reserved ??= Math.max(context.deadline, clock.now() + PARTS_RESERVE_MS);
    await recorder.phase(
      part.name,
      () => runPart(part, { ...shared, deadline, required, phases }),
      (result) => result,
    );
  }
}

/** Why a part does not run. A required one runs, and says itself what it lacks. */
function whyNot(
  { wanted, unavailable }: Part,
  choice: "selected" | "required" | undefined,
  { instance, metadataError }: Pick<PartContext, "instance" | "metadataError">,
): string | undefined {
  if (choice === undefined) return "left out";
  if (choice === "selected") {
    return wanted(instance) ? unavailable?.() : "not asked for";
  }
  // Nobody knows what it would have to do.
  if (metadataError !== undefined && !wanted(instance)) throw metadataError;
  return undefined;
}

async function runPart(part: Part, context: PartContext): Promise<PhaseResult> {
  const { required, log, signal } = context;
  try {
    return judge(
      part,
      part.limitsItself
        ? await part.run(context)
        : await runInTime(part, context),
      context,
    );
  } catch (error) {
    signal?.throwIfAborted();
    const problem = asProvisioningError(error);
    if (required || !part.optional) throw problem;
    log.warn(`${problem.message}; going on without "${part.name}"`);
    return { outcome: "warned", what: problem.message };
  }
}

/** A part that had something to do and did not is never left out quietly. */
function judge(
  { name }: Part,
  outcome: PartOutcome,
  { required, log }: Pick<PartContext, "required" | "log">,
): PhaseResult {
  switch (outcome.kind) {
    case "done":
      if (!outcome.logged) log.info(`${name}: ${outcome.what}`);
      return { outcome: "done", what: outcome.what };
    case "warned":
      log.warn(outcome.warning);
      return { outcome: "warned", what: outcome.what };
    case "skipped":
      if (required) {
        throw new ProvisioningError(
          `The part "${name}" is required and was not done: ${outcome.why}; fix that in the image, or stop requiring it`,
          { key: "part_skipped", exitCode: ExitCode.configuration },
        );
      }
      log.warn(`${name}: ${outcome.why}; skipped`);
      return { outcome: "skipped", what: outcome.why };
  }
}

/** A part that waits for ever is left behind, and the run goes on to its report. */
async function runInTime(
  { name, run }: Part,
  context: PartContext,
): Promise<PartOutcome> {
  const { clock, deadline, signal } = context;
  signal?.throwIfAborted();
  const remainingMs = Math.max(0, deadline - clock.now());
  using limit = timeLimit(Math.min(remainingMs, 2 ** 31 - 1), signal);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = () =>
    reject(
      signal?.aborted ? signal.reason : new ProvisioningError(
        `The part "${name}" was not done in time; give it more with --timeout, or leave it out with --without ${name}`,
        { key: "part_timed_out", exitCode: ExitCode.gaveUp },
      ),
    );
  limit.signal.addEventListener("abort", end, { once: true });
  return await Promise.race([run({ ...context, signal: limit.signal }), ended]);
}
