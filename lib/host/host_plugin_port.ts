/**
 * WireServer's port for guest agents. The program asks nothing of it; its simulator
 * listens there, as agents know no other port.
 */
export const HOST_PLUGIN_ADDRESS = "168.63.129.16:32526";

/**
 * Gives up the permission to use that port, which was compiled in for the simulator.
 * Nothing in the process can get it back.
 */
export function giveUpHostPlugin(): void {
  Deno.permissions.revokeSync({ name: "net", host: HOST_PLUGIN_ADDRESS });
}
