import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { namesIn } from "../../../helpers/names_in.ts";
import { testPlatform } from "../../../helpers/platform.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { provision } from "./_provision.ts";

Deno.test("provision reports ready although the metadata stay away", async () => {
  await using dir = await tempDir();
  await using test = await testPlatform({}, ["503@metadata"]);
  const { code, stderr } = await provision(dir.path, [
    ...test.args,
    "--timeout=3",
  ]);
  assertEquals(code, 0, stderr);
  assert(test.platform.verdict().ready);
  assertMatch(
    stderr,
    /^Warning: Cannot get the instance metadata from 127\.0\.0\.1:\d+: .* 503 .*the VM keeps the name that it has$/m,
  );
});

for (
  const [what, options, faults, code, key] of [
    ["the name may not be set", {}, [], 77, "host_name_not_set"],
    [
      "the name cannot be one",
      { computerName: "-vm" },
      [],
      65,
      "host_name_invalid",
    ],
    [
      "there is no name",
      { computerName: "", vmName: "" },
      [],
      65,
      "host_name_absent",
    ],
    [
      "the metadata stay away",
      {},
      ["503@metadata"],
      75,
      "metadata_unavailable",
    ],
  ] as const
) {
  Deno.test(`provision --require-hostname reports NotReady where ${what}`, async () => {
    await using dir = await tempDir();
    await using test = await testPlatform(options, faults);
    const result = await provision(dir.path, [
      ...test.args,
      "--require-hostname",
      "--timeout=3",
    ]);
    assertEquals(result.code, code, result.stderr);
    const { ready, notReady } = test.platform.verdict();
    assert(!ready);
    assertEquals(notReady?.subStatus, "ProvisioningFailed");
    assertStringIncludes(notReady!.description, `${key}: `);
    assertEquals(await namesIn(dir.path), ["lock", "status.json"]);
  });
}
