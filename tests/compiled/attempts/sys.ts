import { type Attempt, refused, works } from "./attempt.ts";

/** What the system tells. */
export const SYS: readonly Attempt[] = [
  works("ask for the host name", () => Deno.hostname()),
  refused("ask for the user", () => Deno.uid()),
  refused("ask for the addresses", () => Deno.networkInterfaces()),
  refused("ask for the load", () => Deno.loadavg()),
  refused("ask for the kernel", () => Deno.osRelease()),
  refused("ask for the memory", () => Deno.systemMemoryInfo()),
  refused("become another user", async () => {
    const { setuid } = (await import("node:process")).default;
    setuid!(1);
  }),
  refused("ask for another process's priority", async () => {
    (await import("node:os")).default.getPriority(1);
  }),
];
