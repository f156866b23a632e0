import { assert, assertEquals, assertMatch } from "@std/assert";
import { BEGINNING_PATH } from "../../../lib/state/beginning.ts";
import {
  conditionsIn,
  FALLBACK_UNIT,
  linesOf,
  MEDIA_UNIT,
  NEEDED_UNIT,
  NOT_NEEDED,
  UNIT,
} from "./_units.ts";

Deno.test("nothing that goes wrong before the program counts as a no", async () => {
  const [main, needed, media, fallback] = await Promise.all(
    [UNIT, NEEDED_UNIT, MEDIA_UNIT, FALLBACK_UNIT].map(linesOf),
  ) as [string[], string[], string[], string[]];
  // systemd takes an exit status from 1 to 254 for a no, and so its own, such as 226 for a name space.
  for (const lines of [main, needed, media, fallback]) {
    assertEquals(lines.filter((line) => line.startsWith("ExecCondition")), []);
  }
  assert(main.includes(NOT_NEEDED));
  assert(main.includes("OnFailure=azure-provisioning-fallback.service"));
  assertEquals(
    conditionsIn(needed),
    conditionsIn(main).filter((line) => line !== NOT_NEEDED),
  );
  assertEquals(
    conditionsIn(fallback).filter((line) => !line.endsWith(BEGINNING_PATH)),
    conditionsIn(main),
  );
  // "-": their failure is no failed unit.
  for (const lines of [needed, media]) {
    for (const line of lines.filter((it) => it.startsWith("ExecStart="))) {
      assertMatch(line, /^ExecStart=-/);
    }
  }
  // What has to be there, or to be made, for the unit to start.
  for (const lines of [main, media]) {
    for (const line of lines) {
      const [, paths = ""] =
        /^(?:ReadWrite|ReadOnly|Inaccessible)Paths=(.*)$/.exec(line) ?? [];
      for (const path of paths.split(" ")) assertMatch(path, /^(-.*|)$/, line);
      assertEquals(/^(StateDirectory|PrivateTmp)=/.test(line), false, line);
    }
  }
});

Deno.test("the fallback runs the same program once it is sure that it did not run, and asks for next to nothing", async () => {
  const [main, fallback] = await Promise.all(
    [UNIT, FALLBACK_UNIT].map(linesOf),
  ) as [string[], string[]];
  assert(
    fallback.includes(`ConditionPathExists=!${BEGINNING_PATH}`),
  );
  const shared =
    /^(ExecStart|ExecStartPost|Environment|UnsetEnvironment|Limit\w+|TasksMax|TimeoutStartSec)=/;
  assertEquals(
    fallback.filter((line) => shared.test(line)),
    main.filter((line) => shared.test(line)),
  );
  const others = fallback.filter((line) =>
    /^\w+=/.test(line) && !shared.test(line) && !/^Condition/.test(line)
  ).map((line) => line.replace(/=.*/, ""));
  assertEquals(others, [
    "Description",
    "DefaultDependencies",
    "Conflicts",
    "Before",
    "After",
    "Type",
    "StandardInput",
    "StandardInputText",
    "StandardOutput",
    "StandardError",
    "ExecStartPre",
    "UMask",
    "NoNewPrivileges",
  ]);
});
