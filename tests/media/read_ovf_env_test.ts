import { assert, assertEquals, assertThrows } from "@std/assert";
import { MAX_OVF_ENV_BYTES, readOvfEnv } from "../../lib/media/ovf_env.ts";
import { ExitCode, ProvisioningError } from "../../lib/provisioning_error.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { FULL, ovfEnvXml, PASSWORD } from "./_ovf_env.ts";

Deno.test("readOvfEnv() reads the copy", async () => {
  await using temp = await tempDir();
  const path = `${temp.path}/ovf-env.xml`;
  await Deno.writeTextFile(path, ovfEnvXml(FULL));
  assertEquals(readOvfEnv(path).instance.computerName, "media-vm");
});

Deno.test("readOvfEnv() says what is wrong with a copy that cannot be used, and no word of it", async () => {
  await using temp = await tempDir();
  const path = `${temp.path}/ovf-env.xml`;
  const xml = ovfEnvXml(FULL);
  for (
    const [text, key, problem] of [
      [xml.slice(1), "media_invalid", "It is not well-formed XML"],
      ["<a/>", "media_invalid", "It has no Environment"],
      [
        " ".repeat(MAX_OVF_ENV_BYTES + 1),
        "media_invalid",
        `It is over ${MAX_OVF_ENV_BYTES} bytes`,
      ],
      [new Uint8Array([0x3c, 0xff]), "media_invalid", "It is not UTF-8"],
      [
        ovfEnvXml(FULL, "<PreprovisionedVm>true</PreprovisionedVm>"),
        "media_preprovisioned",
        "It is of a VM that has no owner yet",
      ],
    ] as const
  ) {
    if (typeof text === "string") await Deno.writeTextFile(path, text);
    else await Deno.writeFile(path, text);
    const error = refused(path);
    assertEquals([error.key, error.exitCode], [key, ExitCode.badData]);
    assert(
      error.message.startsWith(
        `Cannot use what the provisioning media say, "${path}": ${problem}`,
      ),
      error.message,
    );
    assert(!error.message.includes(PASSWORD));
  }
});

Deno.test("readOvfEnv() opens no folder and no pipe, and says where there is nothing", async () => {
  await using temp = await tempDir();
  const path = `${temp.path}/ovf-env.xml`;
  assertEquals(refused(path).key, "media_unreadable");
  await Deno.mkdir(path);
  assertEquals(refused(path).key, "media_invalid");
  await Deno.remove(path);
  await makePipe(path);
  assertEquals(refused(path).key, "media_invalid");
});

function refused(path: string): ProvisioningError {
  return assertThrows(() => readOvfEnv(path), ProvisioningError);
}
