/**
 * What this project relies on in `@std/log`: it holds for the real module and
 * for the stand-in of `tools/npm`.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertThrows,
} from "@std/assert";
import { BaseHandler } from "@std/log/base-handler";
import {
  getLevelByName,
  getLevelName,
  type LevelName,
  LogLevels,
} from "@std/log/levels";
import { Logger, type LogRecord } from "@std/log/logger";

class Collector extends BaseHandler {
  readonly lines: string[] = [];

  override log(line: string): void {
    this.lines.push(line);
  }
}

function logEveryLevel(logger: Logger): void {
  logger.debug("1");
  logger.info("2");
  logger.warn("3");
  logger.error("4");
  logger.critical("5");
}

Deno.test("LogLevels numbers the levels", () => {
  assertEquals({ ...LogLevels }, {
    NOTSET: 0,
    DEBUG: 10,
    INFO: 20,
    WARN: 30,
    ERROR: 40,
    CRITICAL: 50,
  });
});

Deno.test("getLevelByName() and getLevelName() undo each other", () => {
  for (const name of Object.keys(LogLevels) as LevelName[]) {
    assertEquals(getLevelName(getLevelByName(name)), name);
  }
});

Deno.test("getLevelByName() rejects a name that is none", () => {
  assertThrows(() => getLevelByName("LOUD" as LevelName), Error);
});

Deno.test("Logger gives a handler the messages of its level and graver ones", () => {
  const expected = {
    DEBUG: "12345",
    INFO: "2345",
    WARN: "345",
    ERROR: "45",
    CRITICAL: "5",
  } as const;
  for (const level of Object.keys(expected) as (keyof typeof expected)[]) {
    const handler = new Collector("NOTSET", { formatter: ({ msg }) => msg });
    logEveryLevel(new Logger("test", level, { handlers: [handler] }));
    assertEquals(handler.lines.join(""), expected[level]);
  }
});

Deno.test("BaseHandler writes the messages of its level and graver ones", () => {
  const handler = new Collector("WARN", { formatter: ({ msg }) => msg });
  logEveryLevel(new Logger("test", "DEBUG", { handlers: [handler] }));
  assertEquals(handler.lines, ["3", "4", "5"]);
});

Deno.test("Logger calls every handler once a message, in order", () => {
  const calls: string[] = [];
  const handlers = ["a", "b"].map((name) =>
    new Collector("DEBUG", {
      formatter: ({ msg }) => `${calls.push(name)} ${msg}`,
    })
  );
  new Logger("test", "DEBUG", { handlers }).info("one");
  assertEquals(calls, ["a", "b"]);
  assertEquals(handlers.map(({ lines }) => lines), [["1 one"], ["2 one"]]);
});

Deno.test("BaseHandler gives its formatter the whole record", () => {
  const records: LogRecord[] = [];
  const formatter = (record: LogRecord): string => {
    records.push(record);
    return "";
  };
  const before = Date.now();
  new Logger("test", "DEBUG", {
    handlers: [new Collector("DEBUG", { formatter })],
  }).warn("one", 2, { three: 3 });
  const [record] = records;
  assert(record !== undefined && records.length === 1);
  assertEquals(record.msg, "one");
  assertEquals(record.args, [2, { three: 3 }]);
  assertEquals(record.level, 30);
  assertEquals(record.levelName, "WARN");
  assertEquals(record.loggerName, "test");
  assertInstanceOf(record.datetime, Date);
  assert(
    record.datetime.getTime() >= before &&
      record.datetime.getTime() <= Date.now(),
  );
});

Deno.test("BaseHandler writes level and message when it has no formatter", () => {
  const handler = new Collector("DEBUG");
  new Logger("test", "DEBUG", { handlers: [handler] }).error("one\ntwo");
  assertEquals(handler.lines, ["ERROR one\ntwo"]);
});

Deno.test("Logger returns the message, written or not", () => {
  const logger = new Logger("test", "INFO");
  assertEquals(logger.debug("one"), "one");
  assertEquals(logger.info("two"), "two");
});

Deno.test("Logger and BaseHandler have a level that can be changed by name", () => {
  const handler = new Collector("ERROR", { formatter: ({ msg }) => msg });
  const logger = new Logger("test", "ERROR", { handlers: [handler] });
  assertEquals([
    logger.level,
    logger.levelName,
    handler.level,
    handler.levelName,
  ], [40, "ERROR", 40, "ERROR"]);
  logger.levelName = "DEBUG";
  handler.levelName = "INFO";
  logEveryLevel(logger);
  assertEquals([logger.level, handler.level], [10, 20]);
  assertEquals(handler.lines, ["2", "3", "4", "5"]);
});

Deno.test("Logger lets what a handler throws reach the caller", () => {
  const formatter = (): string => {
    throw new TypeError("Broken");
  };
  const logger = new Logger("test", "DEBUG", {
    handlers: [new Collector("DEBUG", { formatter })],
  });
  assertThrows(() => logger.info("one"), TypeError, "Broken");
});
