import { ExitCode } from "./exit_code.ts";

/** What a {@linkcode ProvisioningError} carries beside its message. */
export interface ProvisioningErrorOptions extends ErrorOptions {
  /** A short name of the reason that stays the same between versions, such as `goal_state_invalid`. */
  key: string;
  /** The status to exit with. */
  exitCode: ExitCode;
}

/**
 * A failure with a reason that a person and the platform can read.
 *
 * Its message says what failed, where, and what to do about it.
 */
export class ProvisioningError extends Error {
  override readonly name = "ProvisioningError";
  /** A short name of the reason that stays the same between versions. */
  readonly key: string;
  /** The status to exit with. */
  readonly exitCode: ExitCode;

  /**
   * Constructs a new instance.
   *
   * @param message What failed, where, and what to do about it.
   * @param options The stable reason and the exit status.
   */
  constructor(message: string, options: ProvisioningErrorOptions) {
    super(message, options);
    this.key = options.key;
    this.exitCode = options.exitCode;
  }
}

/**
 * The message of anything that was thrown.
 *
 * @param error What was caught.
 * @returns Its message, or its text if it is no `Error`.
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Makes anything that was thrown a failure with a reason: what nobody expected is an
 * internal error.
 *
 * @param error What was caught.
 * @returns The same, if it has a reason already.
 */
export function asProvisioningError(error: unknown): ProvisioningError {
  return error instanceof ProvisioningError
    ? error
    : new ProvisioningError(`Internal error: ${messageOf(error)}`, {
      key: "internal_error",
      exitCode: ExitCode.internal,
      cause: error,
    });
}
