import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runOnTree, shellTest } from "./_shells.ts";
import { listed, makeTree, readTree } from "./_tree.ts";

shellTest("links out of the tree are not followed", async (shell, folder) => {
  const outside = `${folder}/outside`;
  const files = {
    "/hosts": "127.0.1.1 x # Added by azure-provisioning\n",
    "/machine-id": "0123\n",
    "/cloud/x": "x",
    "/dhcp/dhclient.leases": "x",
    "/log/messages": "x",
    "/ssh/ssh_host_rsa_key": "x",
    "/azure/file": "x",
  };
  await makeTree(outside, files);
  const root = `${folder}/tree`;
  await makeTree(root, {
    "/etc/hosts": `-> ${outside}/hosts`,
    "/etc/hostname": "-> ../../outside/hosts",
    "/etc/machine-id": `-> ../../outside/machine-id`,
    "/etc/ssh": `-> ${outside}/ssh`,
    "/var/lib/cloud": `-> ${outside}/cloud`,
    "/var/lib/dhcp": `-> ${outside}/dhcp`,
    "/var/lib/waagent": "-> ../../../outside/cloud",
    "/var/lib/azure-provisioning": `-> ${outside}/azure`,
    "/var/log": "-> ../../outside/log",
    "/var/lib/dbus": "-> ../../../outside",
    "/var/lib/systemd": "-> loop",
    "/var/lib/loop": "-> systemd",
    "/root": `-> ${outside}`,
  });
  const { code, stdout } = await runOnTree(shell, "generalize.sh", root, [
    "--yes",
    "--logs",
  ]);
  assertEquals(code, 0, stdout);
  for (const [path, text] of Object.entries(files)) {
    assertEquals(await Deno.readTextFile(`${outside}${path}`), text, path);
  }
  // The links themselves go.
  assertEquals(listed(stdout, root, "remove"), [
    "/var/lib/azure-provisioning",
    "/var/lib/cloud",
    "/var/lib/waagent",
  ]);
  assertStringIncludes(stdout, "/etc/hosts: is a symbolic link");
});

shellTest(
  "absolute links lead where they would on the booted image",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      "/etc/passwd": "",
      "/data/lib/cloud/x": "x",
      "/var/lib": "-> /data/../../data/lib/",
    });
    await runOnTree(shell, "generalize.sh", root, ["--yes"]);
    assertEquals(
      [...(await readTree(root)).keys()].includes("/data/lib"),
      true,
    );
    assertEquals(
      [...(await readTree(root)).keys()].includes("/data/lib/cloud"),
      false,
    );
  },
);

shellTest(
  "paths may hold blanks, quotes, newlines and patterns",
  async (shell, folder) => {
    const root = `${folder}/a 'tree'\n* [x] $(touch x) \\n\n`;
    const odd = [
      "dhclient '\"$x\n.leases",
      "dhclient\n",
      "dhclient *\\",
      "dhclient-\u001b[31m",
    ];
    await makeTree(root, {
      "/etc/passwd": "",
      "/var/lib/dhcp/other": "stays",
      ...Object.fromEntries(odd.map((name) => [`/var/lib/dhcp/${name}`, "x"])),
      "/var/log/a b\n/c\n": "text",
    });
    await Deno.mkdir(root.trimEnd(), { recursive: true });
    const { code, stdout, stderr } = await runOnTree(
      shell,
      "generalize.sh",
      root,
      [
        "--yes",
        "--logs",
      ],
    );
    assertEquals([code, stderr], [0, ""], stdout);
    assertEquals([...(await readTree(`${root}/var/lib/dhcp`)).keys()], [
      "",
      "/other",
    ]);
    assertMatch(
      (await readTree(root)).get("/var/log/a b\n/c\n")!,
      /^644 \S+ $/,
    );
    assertEquals(stdout.includes("\u001b"), false);
    assertEquals(listed(stdout, "", "remove").length, odd.length);
  },
);
