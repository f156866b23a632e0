import type { CallContext } from "../http/retry.ts";
import type { Part } from "../parts/part.ts";
import { type PartSelection, wantedParts } from "../parts/select_parts.ts";
import type { Recorder } from "../record/recorder.ts";
import type { Metadata } from "./metadata.ts";
import type { ProvisionOptions } from "./options.ts";

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
  const { runParts } = await import("../parts/run_parts.ts");
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
