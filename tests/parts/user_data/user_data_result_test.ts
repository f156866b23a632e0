import { assertEquals } from "@std/assert";
import {
  describeUserData,
  parseUserDataResult,
  readUserDataResult,
} from "../../../lib/parts/user_data/user_data_result.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const ENDED = { vmId: "id-1", outcome: "ended", exitStatus: 7, seconds: 3 };

Deno.test("a result of user data is read, and what is none is not", () => {
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

Deno.test("a result of user data is told in one line", () => {
  assertEquals(
    describeUserData({
      vmId: "",
      outcome: "ended",
      exitStatus: 0,
      seconds: 12,
    }),
    "a script, which ended with the exit status 0 after 12 s",
  );
  assertEquals(
    describeUserData({ vmId: "", outcome: "timed out", seconds: 3600 }),
    "a script, which was ended at its limit after 3600 s",
  );
});

Deno.test("what another VM's user data came to does not count", async () => {
  await using dir = await tempDir();
  assertEquals(await readUserDataResult(dir.path, "id-1"), undefined);
  await Deno.writeTextFile(
    `${dir.path}/userdata.result`,
    JSON.stringify(ENDED),
  );
  assertEquals((await readUserDataResult(dir.path, "ID-1"))?.exitStatus, 7);
  assertEquals(await readUserDataResult(dir.path, "id-2"), undefined);
  assertEquals(await readUserDataResult(dir.path, undefined), undefined);
});
