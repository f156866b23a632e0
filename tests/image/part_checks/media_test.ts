import { assertMatch } from "@std/assert";
import { shellTest } from "../_shells.ts";
import { type Files, PROGRAM } from "../_tree.ts";
import { saidOfParts } from "./_said_of_parts.ts";

shellTest(
  "check says what keeps a VM from its provisioning media",
  async (shell, folder) => {
    const mediaOf = async (name: string, files: Files) =>
      (await saidOfParts(shell, `${folder}/${name}`, files))["media"]!;
    const mount = { "/usr/bin/mount": PROGRAM };
    const modprobe = "/etc/modprobe.d/cis.conf";
    for (
      const [name, files, words] of [
        ["none", {}, /^warning: mount is not installed: /],
        ["good", mount, /^ok: provisioning media are mounted/],
        [
          "udf",
          { ...mount, [modprobe]: "install udf /bin/true\nblacklist usb\n" },
          /^warning: .*cis\.conf forbids the module udf: /,
        ],
        [
          "iso9660",
          { ...mount, [modprobe]: "#blacklist udf\nblacklist isofs\n" },
          /^ok: /,
        ],
        [
          "drive",
          { ...mount, "/usr/lib/modprobe.d/x.conf": " blacklist sr_mod \n" },
          /^warning: .*x\.conf forbids the module sr_mod: /,
        ],
        [
          "flag",
          { "/etc/azure-provisioning.no-media": "" },
          /^ok: provisioning media are not read, because of /,
        ],
        [
          "left-out",
          {
            "/etc/azure-provisioning.conf":
              "without = user, customdata, password, hostname\n",
          },
          /^ok: the parts that need provisioning media are excluded by /,
        ],
      ] as const
    ) assertMatch(await mediaOf(name, files), words, name);
  },
);
