import type { Reply } from "./reply.ts";

/** Thrown for a request that the platform refuses. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The whole answer, if it is not the usual error page of the service. */
  readonly reply: Reply | undefined;

  /** The reason says what is wrong, in a sentence without a period. */
  constructor(status: number, reason: string, reply?: Reply) {
    super(reason);
    this.status = status;
    this.reply = reply;
  }
}

const LONGEST = 120;

/** Formats a value for a message: in double quotes, with escapes, and not too long. */
export function quote(value: string): string {
  return JSON.stringify(
    value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value,
  );
}
