import { assertEquals, assertStringIncludes } from "@std/assert";
import { INITS_IN_TREES } from "../boot/_inits.ts";
import { ROOT } from "../helpers/program.ts";

const AZURE_TAG = "7783-7084-3265-9085-8269-3286-77";
const ANYWHERE = "/etc/azure-provisioning.anywhere";

/** Reads all that an init's folder has but for what installs it. */
async function unitOf(init: string): Promise<string> {
  const folder = `${ROOT}units/${init}`;
  const files = (await Array.fromAsync(Deno.readDir(folder)))
    .filter(({ name }) => name !== "init.sh");
  const texts = await Promise.all(
    files.map(({ name }) => Deno.readTextFile(`${folder}/${name}`)),
  );
  return texts.join("\n");
}

Deno.test("every init looks whether it is on Azure before it starts the program", async () => {
  const inits = (await Array.fromAsync(Deno.readDir(`${ROOT}units`)))
    .map(({ name }) => name).sort();
  // Tests know every init that there are units for.
  assertEquals(inits, ["common", ...Object.keys(INITS_IN_TREES)].sort());
  for (const init of inits) {
    const unit = await unitOf(init);
    if (init === "common") {
      assertStringIncludes(unit, AZURE_TAG, init);
      assertStringIncludes(unit, ANYWHERE, init);
    } else if (init === "systemd") {
      assertStringIncludes(unit, "this-vm decide", init);
      assertStringIncludes(unit, ANYWHERE, init);
    } else {
      assertStringIncludes(unit, "first-boot", init);
      assertEquals(unit.includes("bin/azure-provisioning"), false, init);
    }
  }
});
