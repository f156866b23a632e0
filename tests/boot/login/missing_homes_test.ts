import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../helpers/command.ts";
import { BOOT_MS, withBoot } from "../_boot_case.ts";
import { logOf } from "../_log_of.ts";
import { putFiles } from "../_put_files.ts";
import { LOGIN_RECIPE } from "../_recipes.ts";
import { sharedImageTest } from "../_shared_image.ts";
import { untilLetIn } from "../_until_let_in.ts";
import { keysFor } from "./_keys.ts";

const VM = {
  vmId: "88888888-eeee-4eee-8eee-888888880001",
  computerName: "homes-vm",
};
const ADDRESS = "10.77.0.5";

/** A machine whose folder of homes nobody has made; $0 is its tree. */
interface MissingHomes {
  /** What is so, to follow "where". */
  readonly name: string;
  /** A script that makes it so. */
  readonly arrange: string;
  /** The folder of homes that there has to be. */
  readonly made: string;
}

const MACHINES: readonly MissingHomes[] = [
  { name: "/home is missing", arrange: "", made: "/home" },
  {
    name: "/home leads to a folder that is missing",
    arrange: 'ln -s var/home "$0/home"',
    made: "/var/home",
  },
  {
    name: "/home leads to a folder that is missing, by an absolute path",
    arrange: 'ln -s /var/home "$0/home"',
    made: "/var/home",
  },
  {
    name: "HOME of useradd is missing like /home",
    arrange: 'echo HOME=/data/home >>"$0/etc/default/useradd"',
    made: "/data/home",
  },
  {
    name: "HOME of useradd is deeper, and nothing of it is there",
    arrange:
      'rmdir "$0/srv"; echo HOME=/srv/people/ >>"$0/etc/default/useradd"',
    made: "/srv/people",
  },
];

/** Debian's own tmpfiles.d would make it. */
const WITHOUT_HOME = 'rm "$0/usr/lib/tmpfiles.d/home.conf"; rmdir "$0/home"';

for (const { name, arrange, made } of MACHINES) {
  sharedImageTest(
    `the unit makes the folder of homes where ${name}, and the user logs in`,
    LOGIN_RECIPE,
    async (image) => {
      await using keys = await keysFor("azure");
      await using machine = await image.makeMachine();
      await arrangeTree(machine.tree, arrange);
      const platform = { ...VM, args: keys.args };
      await withBoot(machine, { platform }, async (boot) => {
        await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
        const log = (await logOf("systemd", machine.tree)).join("\n");
        assertEquals(boot.platform!.seen().ready.length, 1, log);
        const said = await untilLetIn(boot, [
          ...keys.ssh,
          `azure@${ADDRESS}`,
          `pwd -P; stat -c '%a %U:%G' ${made}`,
        ]);
        assertEquals(said, `${made}/azure\n755 root:root\n`, log);
        assertEquals(await boot.powerOff(), VM.computerName);
        assertEquals(await boot.failedUnits(), []);
      });
    },
  );
}

sharedImageTest(
  "where /home leads to a folder that this program may not make, the host is told which",
  LOGIN_RECIPE,
  async (image) => {
    await using keys = await keysFor("azure");
    await using machine = await image.makeMachine();
    await arrangeTree(machine.tree, 'ln -s /opt/h "$0/home"');
    const platform = { ...VM, args: keys.args };
    await withBoot(machine, { platform }, async (boot) => {
      await boot.until("the unit is done", () => boot.unitIsDone(), BOOT_MS);
      const log = (await logOf("systemd", machine.tree)).join("\n");
      const { ready, reports } = boot.platform!.seen();
      assertEquals([ready.length, reports.length], [0, 1], log);
      assertStringIncludes(
        log,
        `Cannot create the folder of homes "/home": /usr/bin/mkdir: /usr/bin/mkdir: cannot create directory '/opt/h': Read-only file system; create it in the image`,
      );
      await boot.powerOff();
    });
  },
);

async function arrangeTree(tree: string, script: string): Promise<void> {
  await putFiles(tree, [{
    path: "/etc/azure-provisioning.no-media",
    text: "",
  }]);
  const { code, stderr } = await run("sh", [
    "-euc",
    `${WITHOUT_HOME}; ${script}`,
    tree,
  ]);
  assertEquals([code, stderr], [0, ""]);
}
