import { assertEquals, assertMatch } from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import { shellTest } from "../_shells.ts";
import { type Files, makeTree, PROGRAM } from "../_tree.ts";
import { saidOfParts, withoutRemedy } from "./_said_of_parts.ts";

shellTest(
  "check says where homes go, and why a VM may get no keys",
  async (shell, folder) => {
    let count = 0;
    const homes = async (files: Files, arrange = "true") => {
      const root = `${folder}/homes-${count++}`;
      await makeTree(root, { "/usr/sbin/useradd": PROGRAM, ...files });
      await succeed("sh", ["-euc", `cd "$0"; ${arrange}`, root]);
      return withoutRemedy((await saidOfParts(shell, root, {}))["homes"]);
    };
    const HOME = { "/home": undefined };
    const defaults = (text: string) => ({ "/etc/default/useradd": text });
    const out = "ok: homes are below /home";
    assertEquals(await homes(HOME), out);
    assertEquals(
      await homes({ ...HOME, ...defaults("# HOME=/x\nHOME=\n") }),
      out,
    );
    assertEquals(
      await homes({}),
      "ok: /home is missing, and is created at the first boot",
    );
    assertEquals(
      await homes({
        "/srv/people": undefined,
        ...defaults("HOME=/srv/people/\n"),
      }),
      "ok: homes are below /srv/people",
    );
    assertMatch(
      (await homes({ ...HOME, ...defaults("HOME=/opt/home\n") }))!,
      /^warning: the home .* goes to \/home, and not to \/opt\/home, which .*\/etc\/default\/useradd names: the program may not write there$/,
    );
    assertMatch(
      (await homes({ "/usr/etc/default/useradd": "HOME=/home/../etc\n" }))!,
      /^warning: .*\/usr\/etc\/default\/useradd names/,
    );
    for (const target of ["var/home", "/var/home"]) {
      const linked = { "/var/home": undefined, "/home": `-> ${target}` };
      assertEquals(await homes(linked), out);
      assertEquals(
        await homes(linked, "chown -h 1234 home"),
        "warning: a VM gets no SSH keys: the link /home does not belong to root",
      );
      assertEquals(
        await homes(linked, "chmod 777 var/home"),
        "warning: a VM gets no SSH keys: /home does not belong to root alone",
      );
      assertEquals(
        await homes({
          "/opt/h": undefined,
          "/var/home": "-> /opt/h",
          "/home": `-> ${target}`,
        }),
        "warning: a VM gets no SSH keys: /home is a link to another link, and only one is followed",
      );
    }
    for (
      const arrange of ["chmod 775 home", "chmod 1777 home", "chown 1234 home"]
    ) {
      assertEquals(
        await homes(HOME, arrange),
        "warning: a VM gets no SSH keys: /home does not belong to root alone",
      );
    }
    assertMatch(
      (await homes({
        ...HOME,
        "/etc/azure-provisioning.conf": "without = user\n",
      }))!,
      /^ok: the part user is excluded by /,
    );
  },
);
