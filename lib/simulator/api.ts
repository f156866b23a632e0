import type { Reply } from "./reply.ts";
import type { Health } from "./report_check.ts";
import type { Request } from "./request.ts";
import type { PlatformState } from "./state.ts";
import type { ServiceName, Target } from "./target.ts";

/** What a service has to say to a request that is in order. */
export interface Answer {
  readonly reply: Reply;
  /** What the request reported, for a health report. */
  readonly health?: Health;
}

/** One service of the platform, as rules: no sockets, no faults, nothing changes. */
export interface Api {
  readonly name: ServiceName;
  /** The Server header. */
  readonly server: string;
  /** The target of faults that a request is, if any. */
  targetOf(method: string, target: string): Target | undefined;
  /** Answers a request; throws a Refusal when it is not in order. */
  answer(request: Request, state: PlatformState): Answer;
  /** The service's error page. */
  errorReply(status: number): Reply;
}
