import type { Log } from "./create_log.ts";

/** A log that keeps its lines until it is known what they are worth. */
export interface HeldLog extends Log {
  /** Writes the lines as they are. */
  release(): void;
  /** Writes the lines as details for troubleshooting. */
  demote(): void;
}

/**
 * Creates a log that holds its lines back, but for details.
 *
 * @param log Where they go in the end.
 */
export function heldLog(log: Log): HeldLog {
  let lines: (readonly ["info" | "warn" | "error", string])[] = [];
  const take = () => {
    const taken = lines;
    lines = [];
    return taken;
  };
  return {
    debug: (message) => log.debug(message),
    info: (message) => void lines.push(["info", message]),
    warn: (message) => void lines.push(["warn", message]),
    error: (message) => void lines.push(["error", message]),
    release() {
      for (const [level, message] of take()) log[level](message);
    },
    demote() {
      for (const [, message] of take()) log.debug(message);
    },
  };
}
