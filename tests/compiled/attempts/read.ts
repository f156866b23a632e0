import { type Attempt, refused, STATE, works } from "./attempt.ts";

/** Reading files. */
export const READ: readonly Attempt[] = [
  works("read a file", () => Deno.readTextFileSync("/etc/hostname")),
  refused(
    "read its environment",
    () => Deno.readFileSync("/proc/self/environ"),
  ),
  refused(
    "read its environment by another name",
    () => Deno.readFileSync("/proc/../proc/1/environ"),
  ),
  refused(
    "read its environment through a link",
    () => Deno.readFileSync(`${STATE}/environ`),
  ),
  refused("read the memory", () => Deno.readFileSync("/dev/mem")),
  refused("read the kernel's log", () => Deno.openSync("/dev/kmsg")),
  refused("read /sys", () => Deno.readFileSync("/sys/power/state")),
];
