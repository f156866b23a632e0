import { type Attempt, refused, works } from "./attempt.ts";

/** The environment. */
export const ENV: readonly Attempt[] = [
  works("read JOURNAL_STREAM", () => Deno.env.get("JOURNAL_STREAM")),
  refused("read PATH", () => Deno.env.get("PATH")),
  refused("read all of the environment", () => Deno.env.toObject()),
  refused("set LD_PRELOAD", () => Deno.env.set("LD_PRELOAD", "/x.so")),
];
