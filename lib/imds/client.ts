import { type Endpoint, formatEndpoint } from "../http/endpoint.ts";
import { exchange } from "../http/exchange.ts";
import {
  type CallFailure,
  statusFailure,
  type TryResult,
} from "../http/failure.ts";
import { isSuccess, responseText } from "../http/message.ts";
import { type CallContext, retry } from "../http/retry.ts";
import type { Log } from "../log/create_log.ts";
import { messageOf } from "../provisioning_error.ts";
import {
  type Instance,
  instanceOf,
  MAX_METADATA_BYTES,
  type OnProblem,
  parseInstance,
} from "./instance.ts";

/** With `extended=true`, IMDS fails rather than leave out part of the answer. */
const INSTANCE_TARGET =
  "/metadata/instance?api-version=2021-08-01&extended=true";

/**
 * Gets the instance metadata.
 *
 * A platform that does not know the requested version, such as Azure Stack, answers 400.
 * It is then asked for the name and the id alone, in the oldest version that has them.
 *
 * @throws {CallError} If there is no metadata in time.
 */
export function fetchInstance(
  endpoint: Endpoint,
  context: CallContext,
): Promise<Instance> {
  return retry((signal, log) => tryInstance(endpoint, log, signal), {
    ...context,
    what: `get the instance metadata from ${formatEndpoint(endpoint)}`,
    key: "metadata_unavailable",
  });
}

async function tryInstance(
  endpoint: Endpoint,
  log: Log,
  signal: AbortSignal,
): Promise<TryResult<Instance>> {
  log.debug("Retrieving the instance metadata");
  const warn = (problem: string) => log.warn(problem);
  const result = await tryText(endpoint, INSTANCE_TARGET, signal);
  if (result.ok) {
    try {
      const value = parseInstance(result.value, warn);
      return { ...result, value };
    } catch (error) {
      return invalid(messageOf(error));
    }
  }
  if (result.failure.kind === "status" && result.failure.status === 400) {
    log.info(
      "The platform does not know this version of the instance metadata, asking for an older one",
    );
    return await tryLeaves(endpoint, signal, warn);
  }
  return result;
}

async function tryLeaves(
  endpoint: Endpoint,
  signal: AbortSignal,
  warn: OnProblem,
): Promise<TryResult<Instance>> {
  const [name, vmId] = await Promise.all([
    tryText(endpoint, leafTarget("name"), signal),
    tryText(endpoint, leafTarget("vmId"), signal),
  ]);
  if (!name.ok) return name;
  if (!vmId.ok && !isUnknownLeaf(vmId.failure)) return vmId;
  const compute = {
    name: name.value,
    vmId: vmId.ok ? vmId.value : undefined,
  };
  return { ok: true, value: instanceOf(compute, warn) };
}

function isUnknownLeaf(failure: CallFailure): boolean {
  return failure.kind === "status" &&
    (failure.status === 400 || failure.status === 404);
}

function leafTarget(leaf: string): string {
  return `/metadata/instance/compute/${leaf}?api-version=2019-06-01&format=text`;
}

async function tryText(
  endpoint: Endpoint,
  target: string,
  signal: AbortSignal,
): Promise<TryResult<string>> {
  const result = await exchange(
    { method: "GET", target, headers: { "Metadata": "true" } },
    { endpoint, signal, maxBodyBytes: MAX_METADATA_BYTES },
  );
  if (!result.ok) return result;
  if (!isSuccess(result.value)) {
    return { ok: false, failure: statusFailure(result.value) };
  }
  try {
    const { status } = result.value;
    return { ok: true, value: responseText(result.value), status };
  } catch (error) {
    return invalid(messageOf(error));
  }
}

function invalid(message: string): TryResult<never> {
  return {
    ok: false,
    failure: { kind: "data", message, key: "metadata_invalid" },
  };
}
