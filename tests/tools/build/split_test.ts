import { assertEquals, assertThrows } from "@std/assert";
import {
  joinShared,
  nameShortly,
  staticImportsOf,
} from "../../../tools/build/split.ts";

const SPLIT = new Map([
  [
    "start.js",
    'import {\n  run\n} from "./chunk-AAAAAAAA.js";\nimport "./chunk-BBBBBBBB.js";\nrun();',
  ],
  [
    "chunk-AAAAAAAA.js",
    'import {\n  x\n} from "./chunk-BBBBBBBB.js";\nvar run2 = () => import("./work-CCCCCCCC.js");\nexport {\n  run2 as run\n};',
  ],
  ["chunk-BBBBBBBB.js", "var x = 1, y = 2;\nexport {\n  x,\n  y\n};"],
  [
    "work-CCCCCCCC.js",
    'import {\n  x as x2,\n  y\n} from "./chunk-BBBBBBBB.js";\nexport {\n  y as z\n};',
  ],
]);

Deno.test("nameShortly() gives modules names that Deno finds, and follows them in imports", () => {
  const files = nameShortly(SPLIT);
  assertEquals([...files.keys()].sort(), [
    "shared_1.js",
    "shared_2.js",
    "start.js",
    "work.js",
  ]);
  assertEquals(
    files.get("shared_1.js"),
    'import {\n  x\n} from "./shared_2.js";\nvar run2 = () => import("./work.js");\nexport {\n  run2 as run\n};',
  );
});

Deno.test("nameShortly() rejects a name that Deno would not find, one that is taken, and an import of nothing", () => {
  for (
    const texts of [
      { "Upper.js": "" },
      { "a_name_that_is_far_too_long_here.js": "" },
      { "a-AAAAAAAA.js": "", "a-BBBBBBBB.js": "" },
      { "a.js": 'import("./b.js");' },
      { "a.js": 'import { b } from "./b.js";' },
    ]
  ) {
    assertThrows(() => nameShortly(new Map(Object.entries(texts))), Error);
  }
});

Deno.test("staticImportsOf() follows imports, but not import()", () => {
  assertEquals(staticImportsOf(nameShortly(SPLIT), "start.js").sort(), [
    "shared_1.js",
    "shared_2.js",
    "start.js",
  ]);
});

Deno.test("joinShared() has all that starts in one module, and others take their names from it", () => {
  const files = joinShared(nameShortly(SPLIT), "start.js");
  assertEquals(
    files.get("shared.js"),
    'export { run as shared_1_run } from "./shared_1.js";\n' +
      'export { x as shared_2_x, y as shared_2_y } from "./shared_2.js";\n',
  );
  assertEquals(
    files.get("start.js"),
    'import { shared_1_run as run } from "./shared.js";\nimport "./shared.js";\nrun();',
  );
  assertEquals(
    files.get("work.js"),
    'import { shared_2_x as x2, shared_2_y as y } from "./shared.js";\nexport {\n  y as z\n};',
  );
});
