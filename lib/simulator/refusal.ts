import type { Reply } from "./reply.ts";

/** A request that the platform does not take, with the status it answers and the reason why. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The whole answer, where the service's usual error page will not do. */
  readonly reply: Reply | undefined;

  /** Makes a refusal; the reason names what was wrong, in a sentence without a period. */
  constructor(status: number, reason: string, reply?: Reply) {
    super(reason);
    this.status = status;
    this.reply = reply;
  }
}

const LONGEST = 120;

/** A value as messages show it: in double quotes, control characters escaped, long ones cut. */
export function quote(value: string): string {
  return JSON.stringify(
    value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value,
  );
}
