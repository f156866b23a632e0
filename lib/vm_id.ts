const GUID_REGEXP =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What firmware has in the place of an id that nobody set. */
const BLANK_REGEXP = /^(?:0+|f+)$/i;

/**
 * Says whether a text is the id of one VM, and of no other.
 *
 * A text that many VMs may have, such as the id of all zeros, must never tell a new VM
 * that it is the one which was provisioned already.
 *
 * @param text Any text.
 * @returns Whether it is a GUID, and neither all zeros nor all ones.
 */
export function isVmId(text: string): boolean {
  return GUID_REGEXP.test(text) && !BLANK_REGEXP.test(text.replaceAll("-", ""));
}
