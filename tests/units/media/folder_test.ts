import { assertEquals, assertStringIncludes } from "@std/assert";
import { FOLDER, mediaTest, runIt } from "./_media.ts";

/** What may be in the place of the script's folder. */
const IN_PLACE: Readonly<Record<string, string>> = {
  "a file": `: >${FOLDER}`,
  "a link":
    `mkdir -m 755 /elsewhere; echo mine >/elsewhere/ovf-env.xml; ln -s /elsewhere ${FOLDER}`,
};

for (const [what, make] of Object.entries(IN_PLACE)) {
  mediaTest(
    `${what} in the place of its folder is left alone, and fails no boot`,
    async (machine) => {
      await machine.run("sh", "-ec", make);
      const before = await machine.run("ls", "-lR", "/run", "/elsewhere");
      const { code, stdout } = await runIt(machine);
      assertEquals(code, 0);
      assertStringIncludes(
        stdout,
        "Not reading the provisioning media: cannot make ",
      );
      const after = await machine.run("ls", "-lR", "/run", "/elsewhere");
      assertEquals(after, before);
      assertEquals(
        (await machine.read("/elsewhere/ovf-env.xml")) === "mine\n",
        what === "a link",
      );
    },
  );
}
