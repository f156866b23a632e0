import type { Fault } from "./fault.ts";
import type { FaultKind } from "./fault_kind.ts";
import { findFaultKind } from "./fault_table.ts";
import { quote } from "./refusal.ts";
import { type ServiceName, serviceOf, type Target } from "./targets.ts";

/** A fault of a script. */
export interface ScriptedFault {
  readonly name: string;
  readonly kind: FaultKind;
  readonly targets: readonly Target[];
  /** Infinity if it lasts for ever. */
  triesLeft: number;
}

/** Decides which fault is played on a request: the first that fits and has tries left. */
export class FaultScript {
  readonly #faults: readonly ScriptedFault[];
  readonly #listening: readonly {
    targets: readonly Target[];
    afterMs: number;
  }[];

  /** Takes the faults in order. Throws if one is unknown. */
  constructor(faults: readonly Fault[]) {
    const entries = faults.map((fault) => {
      const kind = findFaultKind(fault.name);
      if (kind === undefined) {
        throw new Error(`Fault ${quote(fault.name)} is unknown`);
      }
      return {
        fault,
        kind,
        targets: fault.target === undefined ? kind.targets : [fault.target],
      };
    });
    this.#faults = entries.filter(({ kind }) => kind.listening === undefined)
      .map(({ fault, kind, targets }) => (
        { name: fault.name, kind, targets, triesLeft: fault.number ?? Infinity }
      ));
    this.#listening = entries.filter(({ kind }) => kind.listening !== undefined)
      .map(({ fault, targets }) => ({
        targets,
        afterMs: (fault.number ?? Infinity) * 1000,
      }));
  }

  /** How long a service stays closed: 0 if it listens at once, Infinity if it never does. */
  closedForMs(service: ServiceName): number {
    return Math.max(
      0,
      ...this.#listening
        .filter(({ targets }) =>
          targets.some((target) => serviceOf(target) === service)
        )
        .map(({ afterMs }) => afterMs),
    );
  }

  /** The fault for a request, which stays in the script until it is played. */
  next(kind: Target | undefined, target: string): ScriptedFault | undefined {
    if (kind === undefined) return undefined;
    return this.#faults.find((fault) =>
      fault.triesLeft > 0 && fault.targets.includes(kind) &&
      (fault.kind.plays?.(target) ?? true)
    );
  }

  /** Whether a service may have to reset a connection, and so must not read ahead. */
  mayReset(service: ServiceName): boolean {
    return this.#faults.some((fault) =>
      fault.triesLeft > 0 && fault.kind.delivery === "reset" &&
      fault.targets.some((target) => serviceOf(target) === service)
    );
  }
}
