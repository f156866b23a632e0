import { shorten } from "../../shorten.ts";
import type { SshdLine } from "./sshd/sshd_lines.ts";

/** What keeps the admin user from logging in. */
export interface Obstacle {
  /** What it is, as the start of a sentence. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** An obstacle that is a line of sshd's configuration. */
export function sshdObstacle(
  keyword: string,
  { words, path, line, matches }: SshdLine,
  remedy: string,
): Obstacle {
  const conditions = matches.map((it) => ` in "Match ${shorten(it)}"`).join("");
  return {
    problem: `line ${line} of "${shorten(path)}" sets ${keyword} to "${
      shorten(words.join(" "))
    }"${conditions}`,
    remedy,
  };
}
