import type { CallContext } from "../../lib/http/retry.ts";
import { type RecordingLog, recordingLog } from "./recording_log.ts";
import { type TestClock, testClock } from "./test_clock.ts";

/** What a call to a platform needs, driven by a test. */
export interface TestContext extends CallContext {
  readonly clock: TestClock;
  readonly log: RecordingLog;
}

/**
 * Creates a context whose waits pass at once and whose log is kept.
 *
 * @param deadline How long the call may take, in milliseconds; a minute by default.
 * @param signal Ends the call early.
 * @returns The context.
 */
export function testContext(
  deadline = 60_000,
  signal?: AbortSignal,
): TestContext {
  return {
    clock: testClock(),
    log: recordingLog(),
    deadline,
    signal,
  };
}
