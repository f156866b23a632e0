/** A command line that is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
