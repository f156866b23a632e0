/**
 * What a run needs only where the platform does not answer.
 *
 * @module
 */

export { explainSilence } from "../dhcp/explain_silence.ts";
export { explainPath } from "../network/explain_path.ts";
export { whyOffAzure } from "./why_off_azure.ts";
