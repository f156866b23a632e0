const GUID_REGEXP =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The ids of firmware where nobody set one. */
const BLANK_REGEXP = /^(?:0+|f+)$/i;

/**
 * Whether a text identifies one VM: a GUID that is neither all zeros nor all ones.
 *
 * With an id that many VMs may have, a new VM could pass for one that is already
 * provisioned.
 */
export function isVmId(text: string): boolean {
  return GUID_REGEXP.test(text) && !BLANK_REGEXP.test(text.replaceAll("-", ""));
}
