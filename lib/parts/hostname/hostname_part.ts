import { asProvisioningError } from "../../provisioning_error.ts";
import type { Part, PartContext, PartOutcome } from "../part.ts";
import { hostNameFrom } from "./host_name.ts";
import {
  HOST_NAME_PATHS,
  HOST_NAME_PROGRAMS,
  setHostName,
} from "./set_host_name.ts";

/** What setting the name gets, however late it is, in milliseconds. */
const RESERVE_MS = 1_000;

/** The part `hostname`: sets the host name that the metadata asks for. */
export const hostnamePart: Part = {
  name: "hostname",
  summary: "sets the host name that the metadata asks for",
  default: true,
  needs: "`hostnamectl` or `hostname`; else it takes effect at the next boot",
  programs: HOST_NAME_PROGRAMS,
  paths: HOST_NAME_PATHS,
  optional: true,
  wanted: () => true,
  limitsItself: true,
  run,
};

/** A VM that cannot have the name that it should is ready all the same, unless the name is required. */
async function run(context: PartContext): Promise<PartOutcome> {
  const { instance, metadataError, host, log, clock, signal } = context;
  try {
    if (metadataError !== undefined) throw metadataError;
    const name = hostNameFrom(instance, log);
    const remainingMs = context.deadline + RESERVE_MS - clock.now();
    await setHostName(name, host, { log, remainingMs, signal });
    return { kind: "done", what: `host name "${name}"`, logged: true };
  } catch (error) {
    signal?.throwIfAborted();
    const { key, message } = asProvisioningError(error);
    if (context.required) throw error;
    // That error says itself which name the VM has.
    const warning = key === "host_name_not_set"
      ? message
      : `${message}; the VM keeps the name that it has`;
    return { kind: "warned", warning, what: key };
  }
}
