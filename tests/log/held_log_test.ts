import { assertEquals } from "@std/assert";
import { heldLog } from "../../lib/log/held_log.ts";
import { recordingLog } from "../helpers/recording_log.ts";

Deno.test("a held log writes its lines when they are released, and details at once", () => {
  const log = recordingLog();
  const held = heldLog(log);
  held.info("one");
  held.debug("detail");
  held.warn("two");
  assertEquals(log.lines, ["debug: detail"]);
  held.release();
  held.release();
  assertEquals(log.lines, ["debug: detail", "info: one", "warn: two"]);
});

Deno.test("a held log makes details of lines that are demoted", () => {
  const log = recordingLog();
  const held = heldLog(log);
  held.info("one");
  held.error("two");
  held.demote();
  held.release();
  assertEquals(log.lines, ["debug: one", "debug: two"]);
});
