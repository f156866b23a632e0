import { assertEquals, assertThrows } from "@std/assert";
import { giveUpPrograms } from "../../lib/host/give_up_programs.ts";

/** Whether each may be run. */
function mayRun(...commands: string[]): boolean[] {
  return commands.map((command) =>
    Deno.permissions.querySync({ name: "run", command }).state === "granted"
  );
}

Deno.test({
  name: "a program that was given up is run no more, wherever it is",
  permissions: { run: ["/usr/bin/true", "/bin/true", "/bin/echo"] },
  fn() {
    giveUpPrograms(["true"]);
    assertEquals(mayRun("/usr/bin/true", "/bin/true", "/bin/echo"), [
      false,
      false,
      true,
    ]);
    assertThrows(
      () => new Deno.Command("/usr/bin/true").outputSync(),
      Deno.errors.NotCapable,
    );
  },
});
