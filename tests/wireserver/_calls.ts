import type { WireServer } from "../../lib/wireserver/wireserver.ts";
import type { TestPlatform } from "../helpers/platform.ts";

/** The goal state of the simulated platform. */
export const GOAL_STATE = {
  incarnation: "42",
  containerId: "7b324f53-983a-43bc-b919-1775d6077608",
  instanceId: "fbb84507-46cd-4f4e-bd78-a2edaa9d059b._demo1",
};

/** What a VM reports that is ready. */
export const READY = { state: "Ready" } as const;

/**
 * The WireServer of a platform.
 *
 * @param test The platform.
 * @returns What a call needs to reach it.
 */
export function wireServerOf({ platform }: TestPlatform): WireServer {
  return { endpoint: platform.wireserver, agentName: "test-agent" };
}

/**
 * What a platform was asked.
 *
 * @param test The platform.
 * @returns Such as `GET 200`, for every request so far.
 */
export function story({ platform }: TestPlatform): string[] {
  return platform.events.map(({ method, status }) =>
    `${method} ${status ?? "none"}`
  );
}
