import { assert, assertEquals } from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import { shellTest } from "../_shells.ts";
import { makeTree } from "../_tree.ts";
import { checkOf, MAC } from "./_cards.ts";

shellTest(
  "check looks at hostile network files without harm",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    const network = `${root}/etc/systemd/network`;
    await makeTree(root, {
      "/etc/systemd/network/a\u202e;rm -rf $(x)|`x`.network":
        `[Match]\nMACAddress=${MAC}\n`,
      "/etc/systemd/network/stars.network": `[Match]\nName=${
        "*a".repeat(50)
      } en${"*".repeat(4000)} ens3\n[Network]\nDHCP=yes\n`,
      "/etc/systemd/network/out.network": "-> /proc/self/environ",
      "/etc/systemd/network/loop.network": "-> loop.network",
      "/etc/systemd/network/loop.network.d": "-> .",
      "/etc/systemd/network/long.network": `[Match]\nMACAddress=${
        "x".repeat(3_000_000)
      }\n`,
      "/etc/netplan/x.yaml": "macaddress:\\\n".repeat(200_000),
    });
    await succeed("mkfifo", [`${network}/pipe.network`]);
    await succeed("truncate", ["-s", "1T", `${network}/sparse.network`]);
    const startedAt = performance.now();
    const { status, message, remedy } = await checkOf(
      shell,
      root,
      "mac_addresses",
      // All of them have more text than an image.
      /^(Warning: .*x\.yaml and what comes after it is not looked at: .*\n)*$/,
    );
    assert(performance.now() - startedAt < 20_000);
    assertEquals(status, "warning");
    assert(message.includes("\\xe2\\x80\\xae"), message);
    assert(!/[\u202e\n]/.test(message + remedy));
    assert(remedy.startsWith("no command is given"), remedy);
  },
);
