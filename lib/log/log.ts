/** Where messages go; they are one line each, without a line end. */
export interface Log {
  /** For whoever looks for a fault. */
  debug(message: string): void;
  /** What happens. */
  info(message: string): void;
  /** What is not as it should be, but does not end the work. */
  warn(message: string): void;
  /** What ends the work. */
  error(message: string): void;
}
