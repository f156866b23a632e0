/** What a health report says of the VM. */
export type Health =
  /** The VM is provisioned. */
  | { readonly state: "Ready" }
  /** The VM could not be provisioned, and why. */
  | { readonly state: "NotReady"; readonly description: string };

/** The longest description, in characters; cloud-init keeps to the same. */
export const MAX_DESCRIPTION_CHARACTERS = 512;

/**
 * Cuts a description to what is reported, between two characters.
 *
 * @param description Why the VM is not ready.
 * @returns Its first {@linkcode MAX_DESCRIPTION_CHARACTERS} characters.
 */
export function reportedDescription(description: string): string {
  return [...description.trim()].slice(0, MAX_DESCRIPTION_CHARACTERS).join("");
}
