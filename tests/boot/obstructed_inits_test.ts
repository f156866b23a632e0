import { assertEquals } from "@std/assert";
import { TALK } from "./_agent.ts";
import { type Boot, type BootOptions } from "./_boot.ts";
import { BOOT_MS, QUIET_MS, withBoot } from "./_boot_case.ts";
import { doneFlagOf } from "./_done_flag.ts";
import type { PlatformView } from "../helpers/boot_platform.ts";
import { sleep } from "../helpers/wait_until.ts";
import type { InitName } from "./_inits.ts";
import { INIT_RECIPES } from "./_recipes.ts";
import { sharedImageTest } from "./_shared_image.ts";

const VM = {
  vmId: "77777777-bbbb-4bbb-8bbb-777777777777",
  computerName: "obstructed-vm",
};
const UUID = "4c4c4544-0042-3510-8052-b4c04f4d7778";
const STATE = "/var/lib/azure-provisioning";
const SCRIPTS = "/usr/local/lib/azure-provisioning";

/** Something that is in the way of what an init starts. */
interface Obstacle {
  /** What is wrong, to follow "a machine". */
  readonly name: string;
  /** More options of systemd-nspawn. */
  readonly nspawn?: readonly string[];
  /** An init that itself cannot run so. */
  readonly except?: InitName;
  /** What to do to the machine's tree. */
  readonly change?: (tree: string) => Promise<unknown>;
  /** What the next boot does: it reports again, asks only whether the VM is done, or is quiet. */
  readonly next: "ready" | "asks" | "quiet";
}

const OBSTACLES: readonly Obstacle[] = [
  {
    name: "with a read-only root and a full /var/lib",
    nspawn: ["--read-only", "--tmpfs=/var/lib:size=4k,nr_inodes=1"],
    // s6-svscan writes to its scan directory, which the image has on its root.
    except: "s6",
    next: "ready",
  },
  {
    name: "with a full /var and a full /tmp",
    nspawn: [
      "--tmpfs=/var:size=4k,nr_inodes=1",
      "--tmpfs=/tmp:size=4k,nr_inodes=1",
    ],
    next: "ready",
  },
  {
    name: "with a read-only /etc",
    nspawn: ["--bind-ro=+/etc:/etc"],
    next: "quiet",
  },
  {
    name: "whose state folder is a file",
    change: (tree) => Deno.writeTextFile(`${tree}${STATE}`, ""),
    next: "ready",
  },
  {
    // The init's own script starts that one: without it, there is nothing to start.
    name: "without the scripts beside first-boot",
    change: async (tree) => {
      for (const script of ["this-vm", "media", "userdata"]) {
        await Deno.remove(`${tree}${SCRIPTS}/${script}`);
      }
    },
    next: "asks",
  },
];

for (const recipe of INIT_RECIPES.filter(({ init }) => init !== "systemd")) {
  for (const { name, nspawn = [], except, change, next } of OBSTACLES) {
    if (except === recipe.init) continue;
    sharedImageTest(
      `${recipe.name}: a machine ${name} reports Ready, and at the next boot ${
        { ready: "again", asks: "only asks", quiet: "is quiet" }[next]
      }`,
      recipe,
      async (image) => {
        await using machine = await image.makeMachine();
        const { tree } = machine;
        const talk = `${tree}/../talk`;
        await Deno.mkdir(`${tree}${TALK}`, { recursive: true });
        await Deno.mkdir(talk, { recursive: true });
        await change?.(tree);
        const options = {
          platform: VM,
          uuid: UUID,
          talk,
          nspawn: [
            ...nspawn,
            `--bind=${talk}:${TALK}`,
            // systemd-nspawn makes /var/log for it.
            "--link-journal=no",
          ],
        };
        const boot = (use: (boot: Boot) => Promise<void>) =>
          viewOf(machine, options, use);

        const first = await boot(async (boot) => {
          await untilReady(boot);
          if (next === "quiet") {
            await boot.until(
              "success is recorded",
              async () => await doneFlagOf(tree) === UUID,
              BOOT_MS,
            );
          }
        });
        assertEquals(first.refusals, []);
        assertEquals(first.reports.length, 1, first.lines.join("\n"));

        const second = await boot(async (boot) => {
          if (next === "ready") return await untilReady(boot);
          await boot.until("it has started", () => boot.started(), BOOT_MS);
          if (next === "asks") {
            await boot.until(
              "the program asks, and is done",
              () =>
                boot.platform!.seen().lines.length > 0 && !boot.programRuns(),
              BOOT_MS,
            );
          } else await sleep(QUIET_MS);
        });
        const lines = second.lines.join("\n");
        assertEquals(second.reports.length, next === "ready" ? 1 : 0, lines);
        assertEquals(lines === "", next === "quiet", lines);
      },
    );
  }
}

/** Boots a machine, and says what the platform has seen. */
async function viewOf(
  machine: Parameters<typeof withBoot>[0],
  options: BootOptions,
  use: (boot: Boot) => Promise<void>,
): Promise<PlatformView> {
  return await withBoot(machine, options, async (boot) => {
    await use(boot);
    return await boot.platform!.stop();
  });
}

async function untilReady(boot: Boot): Promise<void> {
  await boot.until(
    "Ready",
    () => boot.platform!.seen().ready.length > 0,
    BOOT_MS,
  );
  await boot.until(
    "the program is done",
    () => !boot.programRuns(),
    BOOT_MS,
  );
}
