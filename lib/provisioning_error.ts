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

/**
 * Exit statuses of the program, after BSD's `sysexits.h`.
 *
 * They are part of its interface: scripts and units may rely on them.
 */
export const ExitCode = {
  /** Done, or nothing to do. */
  ok: 0,
  /** The command line is wrong. */
  usage: 64,
  /** The platform, a file, or ids on the command line cannot be used. */
  badData: 65,
  /** The platform cannot be reached, or refuses for good. */
  unreachable: 69,
  /** A fault of the program itself. */
  internal: 70,
  /** A file cannot be created or replaced. */
  cannotCreate: 73,
  /** Standard input or output fails. */
  io: 74,
  /** The platform answered until the time was up, but never well; or another run is under way. */
  gaveUp: 75,
  /** The user, or the program's own sandbox, may not do this. */
  notPermitted: 77,
  /** The machine is not set up for this. */
  configuration: 78,
} as const;

/** One of the values of {@linkcode ExitCode}. */
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];
