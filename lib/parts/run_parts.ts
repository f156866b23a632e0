import type { CallContext } from "../http/retry.ts";
import type { Part, PartContext, PartOutcome } from "./part.ts";
import { type PartSelection, wantedParts } from "./select_parts.ts";
import type { Metadata } from "../provision/metadata.ts";
import type { ProvisionOptions } from "../provision/options.ts";
import {
  asProvisioningError,
  ExitCode,
  ProvisioningError,
} from "../provisioning_error.ts";
import type { PhaseResult, Recorder } from "../record/recorder.ts";

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

/**
 * Has the parts do what the metadata ask for; what runs them is loaded only if there is
 * something to run.
 *
 * @param metadata The metadata, or why there are none.
 * @param options Which parts there are, and which are selected.
 * @param context Until when to try.
 * @param recorder Keeps what became of each.
 * @throws {ProvisioningError} If one fails that must not, or one that is required cannot
 * do its work without metadata.
 */
export async function doParts(
  metadata: Metadata,
  options: ProvisionOptions & { readonly nameBefore?: string },
  { deadline }: CallContext,
  recorder: Recorder,
): Promise<void> {
  const { parts, selection, ...shared } = options;
  const instance = metadata.ok ? metadata.value : {};
  const wanted: Part[] = [];
  const askedFor = wantedParts(parts, selection, instance);
  // Nobody knows what a required part would have to do.
  if (!metadata.ok && askedFor.some(({ wanted }) => !wanted(instance))) {
    throw metadata.error;
  }
  for (const part of parts) {
    const why = !selection.has(part.name)
      ? "left out"
      : !askedFor.includes(part)
      ? "not asked for"
      : whyNotHere(part, selection);
    if (why === undefined) {
      wanted.push(part);
      continue;
    }
    options.log.debug(`${part.name}: ${why}`);
    recorder.skip(part.name, why);
  }
  if (wanted.length === 0) return;
  const context = { ...shared, instance, deadline };
  await runParts(wanted, { selection, context, recorder });
}

/** Whoever requires a part is told by the part itself what it lacks. */
function whyNotHere(
  { name, absent }: Part,
  selection: PartSelection,
): string | undefined {
  return selection.get(name) === "required" ? undefined : absent?.();
}
