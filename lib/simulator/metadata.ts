import type { PlatformState } from "./api.ts";
import { COMPUTE } from "./compute_fields.ts";
import { networkMetadata } from "./network_cards.ts";

/**
 * The instance metadata of an api-version, in the shape of IMDS: what a version does not have
 * is not there.
 *
 * @param isExtended Whether the request has `extended=true`.
 */
export function instanceMetadata(
  state: PlatformState,
  apiVersion: string,
  isExtended = false,
): Readonly<Record<string, unknown>> {
  const compute: Record<string, unknown> = {};
  for (const [path, [since, value]] of Object.entries(COMPUTE)) {
    if (apiVersion < since) continue;
    const given = state.fields[path] ??
      (typeof value === "function" ? value(state) : value);
    if (given !== undefined) put(compute, path.split("."), given);
  }
  if (compute["osProfile"] !== undefined) {
    compute["osProfile"] = { ...compute["osProfile"], ...state.osProfile };
  }
  const { hasCustomData, ppsType } = state;
  const extended = { compute: { hasCustomData, ppsType } };
  return {
    compute: { ...compute, ...state.compute },
    network: networkMetadata(state.cards),
    ...(isExtended ? { extended } : {}),
  };
}

/** Puts a value into nested objects, which it makes. */
function put(
  object: Record<string, unknown>,
  [key = "", ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) object[key] = value;
  else {
    object[key] ??= {};
    put(object[key] as Record<string, unknown>, rest, value);
  }
}
