/**
 * What the compiled program may and may not do, by kind of permission.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";
import { CODE } from "./code.ts";
import { ENV } from "./env.ts";
import { NET } from "./net.ts";
import { READ } from "./read.ts";
import { RUN } from "./run.ts";
import { SYS } from "./sys.ts";
import { WRITE } from "./write.ts";

export type { Attempt } from "./attempt.ts";
export { MORE_FOR_A_WORKER } from "./code.ts";

/** Every attempt, by kind. */
export const KINDS: ReadonlyMap<string, readonly Attempt[]> = new Map([
  ["net", NET],
  ["read", READ],
  ["write", WRITE],
  ["run", RUN],
  ["env", ENV],
  ["sys", SYS],
  ["code", CODE],
]);
