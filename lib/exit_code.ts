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
