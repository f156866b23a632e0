import { assertEquals, assertThrows } from "@std/assert";
import { revokeRunPermissions } from "../../lib/host/revoke_run_permissions.ts";

/** Whether each command may be run. */
function mayRun(...commands: string[]): boolean[] {
  return commands.map((command) =>
    Deno.permissions.querySync({ name: "run", command }).state === "granted"
  );
}

Deno.test({
  name:
    "revokeRunPermissions() forbids a program in every folder, and no other one",
  permissions: { run: ["/usr/bin/true", "/bin/true", "/bin/echo"] },
  fn() {
    revokeRunPermissions(["true"]);
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
