import { assertEquals, assertMatch } from "@std/assert";
import { run } from "../helpers/command.ts";
import { ROOT } from "../helpers/program.ts";
import { sleep } from "../helpers/wait_until.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { BOOTED_CLIENTS } from "./_dhcp_clients.ts";
import { startDhcpServer } from "./_dhcp_server.ts";
import { makeImage } from "./_image.ts";
import type { ImageFile } from "./_inits.ts";
import { putFiles } from "./_put_files.ts";

const VM = {
  vmId: "55555555-cccc-4ccc-8ccc-555555555555",
  computerName: "checked-vm",
};
const UUID = "55555555-1aaa-4aaa-8aaa-555555555555";

/** How long an image that is not ready is watched after its boot. */
const NOT_READY_MS = 15_000;

/** What was done to an image with a client that works. */
interface Row {
  /** The client. */
  readonly client: string;
  /** What was done to it. */
  readonly change: string;
  /** Files that it gets. */
  readonly files?: readonly ImageFile[];
  /** What else is done to its tree. */
  readonly damage?: (tree: string) => Promise<void>;
  /** The check that fails; none if the image boots. */
  readonly fails?: "dhcp_enabled" | "program" | "unit";
}

const NETWORK = "/etc/systemd/network";
const INTERFACES = "/etc/network/interfaces";
const PROGRAM = "/usr/local/bin/azure-provisioning";
const network = (name: string, match: string, text: string): ImageFile => ({
  path: `${NETWORK}/${name}.network`,
  text: `[Match]\n${match}\n[Network]\n${text}\n`,
});

const ROWS: readonly Row[] = [
  { client: "systemd-networkd", change: "nothing" },
  {
    client: "systemd-networkd",
    change: "a static file that comes first",
    files: [network("10-static", "Type=ether", "Address=192.0.2.4/24")],
    fails: "dhcp_enabled",
  },
  {
    client: "systemd-networkd",
    change: "the names of another platform's cards",
    files: [network("eth0", "Name=en*", "DHCP=yes")],
    fails: "dhcp_enabled",
  },
  {
    client: "systemd-networkd",
    change: "a drop-in that turns DHCP on",
    files: [network("eth0", "Name=e*", "LinkLocalAddressing=no"), {
      path: `${NETWORK}/eth0.network.d/dhcp.conf`,
      text: "[Network]\nDHCP=yes\n",
    }],
  },
  { client: "dhclient", change: "nothing" },
  {
    client: "dhclient",
    change: "interfaces with nothing but a source",
    files: [{ path: INTERFACES, text: `source ${INTERFACES}.d/*\n` }],
    fails: "dhcp_enabled",
  },
  {
    client: "dhclient",
    change: "interfaces that are brought up by hand only",
    files: [{ path: INTERFACES, text: "iface eth0 inet dhcp\n" }],
    fails: "dhcp_enabled",
  },
  {
    client: "systemd-networkd",
    change: "a program that was cut off",
    damage: (tree) => Deno.truncate(`${tree}${PROGRAM}`, 97_000_000),
    fails: "program",
  },
  {
    client: "systemd-networkd",
    change: "a unit that is not enabled",
    damage: (tree) =>
      Deno.remove(
        `${tree}/etc/systemd/system/multi-user.target.wants/azure-provisioning.service`,
      ),
    fails: "unit",
  },
];

for (const { client, change, files = [], damage, fails } of ROWS) {
  bootTest(
    `--check of an image with ${client} and ${change}: it is right that it ${
      fails === undefined ? "boots" : `fails by ${fails}`
    }`,
    async () => {
      const { late } = BOOTED_CLIENTS.find(({ name }) => name === client)!;
      await using image = await makeImage(late!);
      await using machine = await image.makeMachine();
      const { tree } = machine;
      await putFiles(tree, files);
      await damage?.(tree);
      const { stdout } = await run(`${ROOT}install.sh`, [
        "--check",
        "--root",
        tree,
      ]);
      const failures = [...stdout.matchAll(/^failure (\w+):/gm)]
        .map(([, check]) => check).filter((check) => check !== "checksum");
      assertEquals(failures, fails === undefined ? [] : [fails], stdout);
      assertMatch(
        stdout,
        fails === undefined
          ? /\nThis image is ready for Azure, with \d+ warnings\.\n$/
          : /\nThis image is not ready for Azure: .*\n$/,
      );

      const options = { platform: VM, uuid: UUID, addressing: "dhcp" } as const;
      await withBoot(machine, options, async (boot) => {
        await using _server = startDhcpServer(boot.network);
        await boot.network.plugIn();
        const ready = () => boot.platform!.seen().ready.length;
        if (fails === undefined) {
          await boot.until("it is ready", () => ready() === 1, BOOT_MS);
        } else {
          await boot.until("it has started", () => boot.started(), BOOT_MS);
          await sleep(NOT_READY_MS);
        }
        assertEquals(ready(), fails === undefined ? 1 : 0);
      });
    },
  );
}
