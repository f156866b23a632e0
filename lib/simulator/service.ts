import type { Answer, Api, PlatformState } from "./api.ts";
import type { PlatformEvent } from "./event.ts";
import type { Delivery, FaultKind } from "./fault_kind.ts";
import type { FaultScript, ScriptedFault } from "./fault_script.ts";
import { statusReply } from "./fault_table.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import { guessRequestLine, type Request } from "./request.ts";
import { whole } from "./steps.ts";
import type { Target } from "./targets.ts";

/** An answer, and how it goes out. */
export interface Dispatch {
  readonly reply: Reply;
  readonly delivery: Delivery;
  /** Whether the connection ends with the answer. */
  readonly closes: boolean;
  /** Called once the answer is out. */
  readonly sent?: () => void;
}

/** Options of a {@linkcode Service}. */
export interface ServiceOptions {
  readonly api: Api;
  readonly state: PlatformState;
  readonly script: FaultScript;
  readonly record: (
    event: Omit<PlatformEvent, "elapsedMs" | "service" | "localAddress">,
  ) => void;
  /** Called once the answer to a Ready report is out. */
  readonly onReady: () => void;
  /** Counts a request, and returns whether it is within the limits. */
  readonly takes: () => boolean;
}

/** A service: answers by its rules, plays faults, and records each request. */
export class Service {
  readonly #options: ServiceOptions;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** The Server header. */
  get server(): string {
    return this.#options.api.server;
  }

  /** The most bytes of a request's body. */
  get bodyLimit(): number {
    return this.#options.api.bodyLimit;
  }

  /** Whether to call {@linkcode resets} before a request is read any further. */
  mayReset(): boolean {
    return this.#options.script.mayReset(this.#options.api.name);
  }

  /** Whether a connection is reset upon this request line. Records it. */
  resets(requestLine: string): boolean {
    const { method, target } = guessRequestLine(requestLine);
    const fault = this.#nextFault(method, target);
    if (fault?.kind.delivery !== "reset") return false;
    this.#play(fault, this.#kindOf({ method, target }));
    this.#options.record({
      ...this.#recordOf({
        method,
        target,
        headers: {},
        body: new Uint8Array(),
      }),
      status: undefined,
      served: false,
      fault: fault.name,
    });
    return true;
  }

  /**
   * Answers a request that is valid HTTP. The limits come first, then refusals, then faults.
   */
  answer(request: Request): Dispatch {
    const { api, state, takes } = this.#options;
    if (!takes()) return this.#throttle(request);
    try {
      const answer = api.answer(request, state);
      const fault = this.#nextFault(request.method, request.target);
      return fault === undefined
        ? this.#serve(request, answer)
        : this.#fail(request, answer, fault);
    } catch (error) {
      if (error instanceof Refusal) return this.#refuse(request, error);
      throw error;
    }
  }

  /** Answers a request that is not valid HTTP, of which this part of the head has arrived. */
  refuse(refusal: Refusal, head: string): Dispatch {
    return this.#refuse({
      ...guessRequestLine(head),
      headers: {},
      body: new Uint8Array(),
    }, refusal);
  }

  #serve(request: Request, answer: Answer): Dispatch {
    this.#options.record({
      ...this.#recordOf(request),
      status: answer.reply.status,
      served: true,
      ...healthOf(answer),
    });
    return {
      reply: answer.reply,
      delivery: whole,
      closes: false,
      ...this.#sentOf(answer),
    };
  }

  #fail(request: Request, answer: Answer, fault: ScriptedFault): Dispatch {
    const { kind } = fault;
    const { delivery = whole, closes = false } = kind;
    const reply = this.#replyOf(request, answer, kind);
    const answers = typeof delivery !== "string" && !kind.statusless;
    const served = kind.genuine ??
      (answers && !closes && reply === answer.reply);
    this.#play(fault, this.#kindOf(request));
    this.#options.record({
      ...this.#recordOf(request),
      status: answers ? reply.status : undefined,
      served,
      fault: fault.name,
      ...(served && healthOf(answer)),
    });
    return { reply, delivery, closes, ...(served && this.#sentOf(answer)) };
  }

  /** The true answer, or what the fault makes of it. */
  #replyOf(request: Request, answer: Answer, fault: FaultKind): Reply {
    const { api, state } = this.#options;
    const kind = this.#kindOf(request);
    const reply = fault.values === undefined
      ? answer.reply
      : api.answer(request, { ...state, ...fault.values(state) }).reply;
    return kind === undefined
      ? reply
      : fault.reply?.({ api, state, kind, reply }) ?? reply;
  }

  #throttle(request: Request): Dispatch {
    const reply = statusReply(this.#options.api, 429);
    this.#options.record({
      ...this.#recordOf(request),
      status: reply.status,
      served: false,
      throttled: true,
    });
    return { reply, delivery: whole, closes: false };
  }

  #refuse(
    request: Pick<Request, "method" | "target" | "headers" | "body">,
    refusal: Refusal,
  ): Dispatch {
    const reply = refusal.reply ?? this.#options.api.errorReply(refusal.status);
    this.#options.record({
      ...this.#recordOf(request),
      status: reply.status,
      served: false,
      refusal: refusal.message,
    });
    return { reply, delivery: whole, closes: false };
  }

  #nextFault(method: string, target: string): ScriptedFault | undefined {
    return this.#options.script.next(this.#kindOf({ method, target }), target);
  }

  #play(fault: ScriptedFault, kind: Target | undefined): void {
    fault.triesLeft--;
    if (kind !== undefined) fault.kind.after?.(this.#options.state, kind);
  }

  #kindOf(
    { method, target }: Pick<Request, "method" | "target">,
  ): Target | undefined {
    return this.#options.api.targetOf(method, target);
  }

  #sentOf({ health }: Answer): Pick<Dispatch, "sent"> {
    return health?.state === "Ready" ? { sent: this.#options.onReady } : {};
  }

  #recordOf(
    request: Pick<Request, "method" | "target" | "headers" | "body">,
  ): Pick<PlatformEvent, "kind" | "method" | "target" | "headers" | "body"> {
    const { method, target, headers, body } = request;
    const kind = this.#kindOf(request);
    return {
      ...(kind !== undefined && { kind }),
      method,
      target,
      headers,
      body: new TextDecoder().decode(body),
    };
  }
}

function healthOf({ health }: Answer): Pick<PlatformEvent, "health"> {
  return health === undefined ? {} : { health };
}
