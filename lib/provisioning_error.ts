/**
 * A failure with a reason that people and the platform can read.
 *
 * Its message says what failed, where, and what to do about it.
 */
export class ProvisioningError extends Error {
  override readonly name = "ProvisioningError";
  /** A short name of the reason that stays the same between versions. */
  readonly key: string;
  /** The exit status. */
  readonly exitCode: ExitCode;

  /**
   * Constructs a new instance.
   *
   * @param message What failed, where, and what to do about it.
   * @param options The reason's name and the exit status.
   */
  constructor(message: string, options: ProvisioningErrorOptions) {
    super(message, options);
    this.key = options.key;
    this.exitCode = options.exitCode;
  }
}

/** Options of {@linkcode ProvisioningError}. */
export interface ProvisioningErrorOptions extends ErrorOptions {
  /** A short name of the reason that stays the same between versions, such as `goal_state_invalid`. */
  key: string;
  /** The exit status. */
  exitCode: ExitCode;
}

/** Returns the message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Converts anything that was thrown to a {@linkcode ProvisioningError}; other errors
 * become internal errors.
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
 * The program's exit statuses, as in BSD's `sysexits.h`.
 *
 * They are part of its interface: scripts and units may rely on them.
 */
export const ExitCode = {
  /** Done, or nothing to do. */
  ok: 0,
  /** The command line is wrong. */
  usage: 64,
  /** Data from the platform, a file or the command line is invalid. */
  badData: 65,
  /** The platform cannot be reached, or refuses permanently. */
  unreachable: 69,
  /** A bug in the program. */
  internal: 70,
  /** A file cannot be created or replaced. */
  cannotCreate: 73,
  /** A file, standard input or standard output cannot be read or written. */
  io: 74,
  /** The time was up before the platform gave a usable answer, or another run is under way. */
  gaveUp: 75,
  /** The user or the program's sandbox lacks the permission. */
  notPermitted: 77,
  /** The machine is not configured for this. */
  configuration: 78,
} as const;

/** One of the values of {@linkcode ExitCode}. */
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];
