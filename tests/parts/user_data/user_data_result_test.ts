import { assertEquals } from "@std/assert";
import { USER_DATA } from "../../../lib/parts/user_data/data_kind.ts";
import {
  describeUserData,
  parseUserDataResult,
  readUserDataResult,
} from "../../../lib/parts/user_data/user_data_result.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const ENDED = { vmId: "id-1", outcome: "ended", exitStatus: 7, seconds: 3 };

Deno.test("parseUserDataResult() returns undefined for anything but a result", () => {
  assertEquals(
    parseUserDataResult(JSON.stringify({ ...ENDED, bootId: "b", more: 1 })),
    { vmId: "id-1", outcome: "ended", exitStatus: 7, seconds: 3 },
  );
  assertEquals(
    parseUserDataResult(
      '{"vmId":"a","outcome":"running","seconds":-1,"exitStatus":"0"}',
    ),
    { vmId: "a", outcome: "running" },
  );
  for (
    const text of [
      "",
      "null",
      "[]",
      "{",
      '{"vmId":"a"}',
      '{"vmId":"a","outcome":"toString"}',
      '{"vmId":1,"outcome":"ended"}',
    ]
  ) assertEquals(parseUserDataResult(text), undefined, text);
});

Deno.test("describeUserData() describes a result in one line", () => {
  assertEquals(
    describeUserData({
      vmId: "",
      outcome: "ended",
      exitStatus: 0,
      seconds: 12,
    }),
    "a script that ended with exit status 0 after 12 s",
  );
  assertEquals(
    describeUserData({ vmId: "", outcome: "timed out", seconds: 3600 }),
    "a script that was stopped at its time limit after 3600 s",
  );
});

Deno.test("readUserDataResult() ignores the result of another VM", async () => {
  await using dir = await tempDir();
  assertEquals(readUserDataResult(dir.path, "id-1", USER_DATA), undefined);
  await Deno.writeTextFile(
    `${dir.path}/userdata.result`,
    JSON.stringify(ENDED),
  );
  assertEquals(readUserDataResult(dir.path, "ID-1", USER_DATA)?.exitStatus, 7);
  assertEquals(readUserDataResult(dir.path, "id-2", USER_DATA), undefined);
  assertEquals(readUserDataResult(dir.path, undefined, USER_DATA), undefined);
});
