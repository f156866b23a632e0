import type { Answer, Api } from "./api.ts";
import type { PlatformEvent } from "./event.ts";
import type { FaultScript, ScriptedFault } from "./fault_script.ts";
import type { Delivery } from "./fault_table.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import { guessRequestLine, type Request } from "./request.ts";
import type { PlatformState } from "./state.ts";

/** An answer and how it goes out. */
export interface Dispatch {
  readonly reply: Reply;
  readonly delivery: Delivery;
  /** Called when the answer is out. */
  readonly sent?: () => void;
}

/** What a service is made of. */
export interface ServiceOptions {
  readonly api: Api;
  readonly state: PlatformState;
  readonly script: FaultScript;
  readonly record: (
    event: Omit<PlatformEvent, "elapsedMs" | "service">,
  ) => void;
  /** Called when the answer to a Ready report is out. */
  readonly onReady: () => void;
}

/** One service as it behaves: its rules, with the faults played on top, each request recorded. */
export class Service {
  readonly #options: ServiceOptions;

  /** Makes a service of its rules, its state and its faults. */
  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** The Server header. */
  get server(): string {
    return this.#options.api.server;
  }

  /** Tells whether {@linkcode resets} has to be asked before a request is read any further. */
  mayReset(): boolean {
    return this.#options.script.mayReset(this.#options.api.name);
  }

  /** Tells, and records, that a connection is reset upon this request line. */
  resets(requestLine: string): boolean {
    const { method, target } = guessRequestLine(requestLine);
    const fault = this.#nextFault(method, target);
    if (fault?.kind.delivery !== "reset") return false;
    this.#play(fault);
    this.#options.record({
      method,
      target,
      headers: {},
      body: "",
      status: undefined,
      served: false,
      fault: fault.name,
    });
    return true;
  }

  /** Answers a request that is sound HTTP: what is wrong with it comes before any fault. */
  answer(request: Request): Dispatch {
    try {
      const answer = this.#options.api.answer(request, this.#options.state);
      const fault = this.#nextFault(request.method, request.target);
      return fault === undefined
        ? this.#serve(request, answer)
        : this.#fail(request, answer, fault);
    } catch (error) {
      if (error instanceof Refusal) return this.#refuse(request, error);
      throw error;
    }
  }

  /** Answers a request that is not sound HTTP, of which this much of the head has arrived. */
  refuse(refusal: Refusal, head: string): Dispatch {
    return this.#refuse({
      ...guessRequestLine(head),
      headers: {},
      body: new Uint8Array(),
    }, refusal);
  }

  #serve(request: Request, { reply, health }: Answer): Dispatch {
    this.#options.record({
      ...recordOf(request),
      status: reply.status,
      served: true,
      ...(health !== undefined && { health }),
    });
    return {
      reply,
      delivery: "whole",
      ...(health?.state === "Ready" && { sent: this.#options.onReady }),
    };
  }

  #fail(request: Request, answer: Answer, fault: ScriptedFault): Dispatch {
    const { api, state, record } = this.#options;
    const { kind } = fault;
    const delivery = kind.delivery ?? "whole";
    const reply = kind.reply?.(api, state) ?? answer.reply;
    const answers = delivery !== "hang" && delivery !== "reset";
    this.#play(fault);
    record({
      ...recordOf(request),
      status: answers ? reply.status : undefined,
      served: answers && delivery !== "truncated" && kind.reply === undefined,
      fault: fault.name,
    });
    return { reply, delivery };
  }

  #refuse(
    request: Pick<Request, "method" | "target" | "headers" | "body">,
    refusal: Refusal,
  ): Dispatch {
    const reply = refusal.reply ?? this.#options.api.errorReply(refusal.status);
    this.#options.record({
      ...recordOf(request),
      status: reply.status,
      served: false,
      refusal: refusal.message,
    });
    return { reply, delivery: "whole" };
  }

  #nextFault(method: string, target: string): ScriptedFault | undefined {
    return this.#options.script.next(
      this.#options.api.targetOf(method, target),
      target,
    );
  }

  #play(fault: ScriptedFault): void {
    fault.triesLeft--;
    fault.kind.after?.(this.#options.state);
  }
}

function recordOf(
  { method, target, headers, body }: Pick<
    Request,
    "method" | "target" | "headers" | "body"
  >,
): Pick<PlatformEvent, "method" | "target" | "headers" | "body"> {
  return { method, target, headers, body: new TextDecoder().decode(body) };
}
