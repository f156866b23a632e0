import { assertEquals, assertMatch } from "@std/assert";
import { run } from "../helpers/command.ts";
import { ROOT } from "../helpers/program.ts";
import { sleep } from "../helpers/wait_until.ts";
import type { Boot } from "./_boot.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { BOOTED_CLIENTS } from "./_dhcp_clients.ts";
import { startDhcpServer } from "./_dhcp_server.ts";
import { makeImage } from "./_image.ts";
import type { ImageFile } from "./_inits.ts";
import { putFiles } from "./_put_files.ts";
import type { Recipe } from "./_recipes.ts";

const VM = {
  vmId: "55555555-cccc-4ccc-8ccc-555555555555",
  computerName: "checked-vm",
};
const UUID = "55555555-1aaa-4aaa-8aaa-555555555555";

/** How long an image that is not ready is watched after its boot. */
const NOT_READY_MS = 10_000;

/** What was done to an image with a client that works, and what comes of it. */
export interface Row {
  /** The client, by default systemd-networkd. */
  readonly client?: string;
  /** The root that it is in, by default the one where the client is tried with a late network. */
  readonly recipe?: Recipe;
  /** What was done to it. */
  readonly change: string;
  /** Files that it gets. */
  readonly files?: readonly ImageFile[];
  /** What else is done to its tree. */
  readonly damage?: (tree: string) => Promise<unknown>;
  /** The checks that fail, in the order of the report; none if the image boots. */
  readonly fails?: readonly string[];
  /** What is seen of a boot that fails in another way than by not being ready. */
  readonly failsLike?: (
    boot: Boot,
    tree: string,
  ) => boolean | Promise<boolean>;
}

/**
 * Registers a test that `--check` is right about an image: if nothing fails, the
 * image boots and reports Ready; otherwise it does not.
 */
export function checkTest(row: Row): void {
  const { client = "systemd-networkd", change, files = [], fails = [] } = row;
  const boots = fails.length === 0;
  bootTest(
    `--check of an image with ${
      row.recipe?.name ?? client
    } and ${change}: it is right that it ${
      boots ? "boots" : `fails by ${fails.join(" and ")}`
    }`,
    async () => {
      const { late } = BOOTED_CLIENTS.find(({ name }) => name === client)!;
      await using image = await makeImage(row.recipe ?? late!);
      await using machine = await image.makeMachine();
      const { tree } = machine;
      await putFiles(tree, files);
      await row.damage?.(tree);
      assertEquals(await failures(tree, boots), fails);

      const options = { platform: VM, uuid: UUID, addressing: "dhcp" } as const;
      await withBoot(machine, options, async (boot) => {
        await using _server = startDhcpServer(boot.network);
        await boot.network.plugIn();
        const ready = () => boot.platform!.seen().ready.length;
        if (boots) {
          await boot.until("it is ready", () => ready() === 1, BOOT_MS);
        } else if (row.failsLike !== undefined) {
          const failed = () => row.failsLike!(boot, tree);
          await boot.until("it fails as it should", failed, BOOT_MS);
        } else {
          await boot.until("it has started", () => boot.started(), BOOT_MS);
          await sleep(NOT_READY_MS);
          assertEquals(ready(), 0);
        }
      });
    },
  );
}

/** The checks that fail. */
async function failures(tree: string, boots: boolean): Promise<string[]> {
  const { stdout } = await run(
    `${ROOT}install.sh`,
    ["--check", "--root", tree],
  );
  assertMatch(
    stdout,
    boots
      ? /\nThis image is ready for Azure, with \d+ warnings\.\n$/
      : /\nThis image is not ready for Azure: .*\n$/,
  );
  return [...stdout.matchAll(/^failure (\w+):/gm)].map(([, it]) => it!);
}
