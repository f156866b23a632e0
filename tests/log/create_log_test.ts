import { assertEquals } from "@std/assert";
import {
  createLog,
  type Log,
  type LogOptions,
} from "../../lib/log/create_log.ts";
import { LOG_LEVELS } from "../../lib/log/format_line.ts";

function logTo(lines: string[], options: Partial<LogOptions> = {}): Log {
  return createLog({
    level: "debug",
    format: "text",
    journal: false,
    write: (line) => lines.push(line),
    ...options,
  });
}

function logEachLevel(log: Log): void {
  log.debug("1");
  log.info("2");
  log.warn("3");
  log.error("4");
}

const ALL = ["Debug: 1\n", "2\n", "Warning: 3\n", "Error: 4\n"];

for (const [index, level] of LOG_LEVELS.entries()) {
  Deno.test(`createLog() writes from the level ${level} up`, () => {
    const lines: string[] = [];
    logEachLevel(logTo(lines, { level }));
    assertEquals(lines, ALL.slice(index));
  });
}

Deno.test("createLog() puts the priority in front for the journal", () => {
  const lines: string[] = [];
  logEachLevel(logTo(lines, { journal: true }));
  assertEquals(lines, [
    "<7>Debug: 1\n",
    "<6>2\n",
    "<4>Warning: 3\n",
    "<3>Error: 4\n",
  ]);
});

Deno.test("createLog() writes JSON with the time and the level", () => {
  const lines: string[] = [];
  const before = Date.now();
  logEachLevel(logTo(lines, { format: "json" }));
  const records = lines.map((line) => JSON.parse(line));
  assertEquals(
    records.map(({ level, message }) => [level, message]),
    [["debug", "1"], ["info", "2"], ["warn", "3"], ["error", "4"]],
  );
  for (const { time } of records) {
    assertEquals(Date.parse(time) >= before, true);
    assertEquals(Date.parse(time) <= Date.now(), true);
  }
});

Deno.test("createLog() loses a line that cannot be written, and goes on", () => {
  const lines: string[] = [];
  let broken = true;
  const log = logTo(lines, {
    write: (line) => {
      if (broken) throw new Deno.errors.BrokenPipe("closed");
      lines.push(line);
    },
  });
  logEachLevel(log);
  assertEquals(lines, []);
  broken = false;
  log.info("back");
  assertEquals(lines, ["back\n"]);
});

Deno.test("createLog() gives each log its own writer and level", () => {
  const first: string[] = [];
  const second: string[] = [];
  const one = logTo(first, { level: "error" });
  const two = logTo(second, { level: "info" });
  logEachLevel(one);
  logEachLevel(two);
  assertEquals(first, ALL.slice(3));
  assertEquals(second, ALL.slice(1));
});
