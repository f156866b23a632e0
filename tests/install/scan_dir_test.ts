import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, INITS, makeTree, snapshot } from "./_tree.ts";

installTest(
  "s6: the folder that S6_SCANDIR names at the installation is known from then on",
  async ({ root, install, run }) => {
    await makeTree(root, BARE, INITS["s6"]!, {
      "etc/s6/service/getty/run": "#!/bin/sh\n",
      "etc/hostname": "localhost",
    });
    const before = await snapshot(root);
    const link = "srv/scan/azure-provisioning -> /etc/s6/sv/azure-provisioning";
    const installed = await install([], { S6_SCANDIR: "/srv/scan/" });
    assertEquals(installed.code, 0, installed.stderr);
    const after = await snapshot(root);
    assertEquals(after.includes(link), true);

    // As it was captured, where an administrator had disabled it.
    await makeTree(root, { "var/lib/azure-provisioning/boot-done": "" });
    await Deno.remove(`${root}/srv/scan/azure-provisioning`);
    const generalized = await run(
      [`${ROOT}install.sh`, "--generalize", "--root", root, "--yes"],
    );
    assertEquals(generalized.code, 0, generalized.stderr);
    assertStringIncludes(generalized.stdout, "the first-boot unit, for s6");
    await Deno.remove(`${root}/var/lib`, { recursive: true });
    await Deno.remove(`${root}/var`, { recursive: true });
    assertEquals(await snapshot(root), after);
    const check = await run([`${ROOT}install.sh`, "--check", "--root", root]);
    assertStringIncludes(check.stdout, "ok unit: ");

    await install();
    assertEquals(await snapshot(root), after);
    await install(["--uninstall"]);
    assertEquals(await snapshot(root), before);
  },
);

installTest(
  "s6: where S6_SCANDIR names another folder, the link moves there",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["s6"]!);
    const before = await snapshot(root);
    await install();
    await install([], { S6_SCANDIR: "/srv/scan" });
    assertEquals(
      (await snapshot(root)).filter((line) => line.includes(" -> /etc/s6/sv")),
      ["srv/scan/azure-provisioning -> /etc/s6/sv/azure-provisioning"],
    );
    await install(["--uninstall"]);
    assertEquals(await snapshot(root), before);
  },
);
