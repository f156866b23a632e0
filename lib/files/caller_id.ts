/** The id of root. */
export const ROOT_ID = 0;

/**
 * Returns the id of the user who runs the program.
 *
 * `Deno.uid()` would need one more permission. Without `/proc`, the caller counts as root:
 * a first boot must not end because of that.
 */
export function callerId(): number {
  try {
    return Deno.statSync("/proc/self").uid ?? ROOT_ID;
  } catch {
    return ROOT_ID;
  }
}
