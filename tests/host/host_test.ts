import { assertEquals, assertThrows } from "@std/assert";
import { systemHost } from "../../lib/host/host.ts";

Deno.test({
  name: "systemHost.revoke() gives up programs and paths, and no others",
  permissions: {
    run: ["/usr/bin/true", "/usr/bin/false"],
    write: ["/home", "/tmp/kept"],
  },
  fn() {
    systemHost.revoke({ programs: ["true"], paths: ["/home"] });
    const state = (descriptor: Deno.PermissionDescriptor) =>
      Deno.permissions.querySync(descriptor).state;
    assertEquals(
      [
        state({ name: "run", command: "/usr/bin/true" }),
        state({ name: "run", command: "/usr/bin/false" }),
        state({ name: "write", path: "/home" }),
        state({ name: "write", path: "/tmp/kept" }),
      ],
      ["prompt", "granted", "prompt", "granted"],
    );
    assertThrows(
      () => Deno.mkdirSync("/home/ada/.ssh"),
      Deno.errors.NotCapable,
    );
  },
});
