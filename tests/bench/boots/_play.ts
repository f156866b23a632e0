import { type Boot, bootMachine } from "../../boot/_boot.ts";
import { startDhcpServer } from "../../boot/_dhcp_server.ts";
import { AGENT, type InitName, INITS, TALK } from "../../boot/_inits.ts";
import { layOver } from "../../boot/_overlay.ts";
import { putFiles } from "../../boot/_put_files.ts";
import type { Recipe } from "../../boot/_recipes.ts";
import { rootOf } from "../../boot/_roots.ts";
import { temporaryFolder } from "../../boot/_temporary_folder.ts";
import { succeed } from "../../helpers/command.ts";
import { sleep, waitUntil } from "../../helpers/wait_until.ts";
import { TIMES, WRITE_TIMES } from "./_written_times.ts";
import {
  type BootTimes,
  bootTimes,
  parseSystemdTimes,
  sharesOf,
  type SystemdTimes,
  type UnitTime,
} from "./_times.ts";
import { type BootVariant, COMPUTER_NAME } from "./_variants.ts";
import { withPackages } from "./_with_packages.ts";

/** The VM's id in the metadata. */
export const VM_ID = "bbbbbbbb-0000-4bbb-8bbb-bbbbbbbbbbbb";
const UUID = "4c4c4544-0042-3510-8052-b4c04f4dbbbb";

/** The card that the platform's metadata names. */
const MAC = "00:0d:3a:12:34:56";

/** How long a variant has to report Ready. */
export const READY_MS = 60_000;

/** How long the rest of a boot may take. */
const BOOT_MS = 120_000;

/** One boot of a variant. */
export interface BootSample {
  /** How long it took. */
  readonly times: BootTimes;
  /** Each unit's share of it, with systemd. */
  readonly units: readonly UnitTime[];
}

/** A root with a variant in it, which can be booted again and again. */
export interface BootImage extends AsyncDisposable {
  /** Boots it once, as it was made. */
  play(): Promise<BootSample>;
}

/** Writes down what systemd knows of the boot, once that is over. */
const AGENT_TEXT = `#!/bin/bash
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
: >${TALK}/started
[ -d /run/systemd/system ] || exec sleep 600
while [ ! -e ${TALK}/end ]; do sleep 0.5; done
until systemctl show -p FinishTimestamp | grep -q =.; do sleep 0.1; done
${WRITE_TIMES}
exec sleep 600
`;

/**
 * Makes a root with a variant in it.
 *
 * @param recipe The root.
 * @param source The checkout that this program comes from.
 */
export async function makeBootImage(
  recipe: Recipe,
  variant: BootVariant,
  source: string,
): Promise<BootImage> {
  const root = await rootOf(withPackages(recipe, variant.packages));
  await using made = new AsyncDisposableStack();
  const dir = made.use(await temporaryFolder()).path;
  const { init } = recipe;
  const { agent } = INITS[init];
  const { changes } = await (async () => {
    await using overlay = await layOver([root], dir);
    const { tree } = overlay;
    await variant.furnish(tree, init, source);
    await putFiles(
      tree,
      [
        { path: AGENT, text: AGENT_TEXT, mode: 0o755 },
        agent.files[0],
        {
          path: "/usr/local/lib/boot-test/smbios/dmi/id/chassis_asset_tag",
          text: `${variant.chassisTag}\n`,
        },
      ].filter((file) => file !== undefined),
      agent.links?.slice(0, 1),
    );
    return overlay;
  })();
  const around = made.use(await (variant.around ?? nothing)());
  const resources = made.move();
  return {
    play: () => play([changes, root], init, variant, around.nspawn),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function play(
  layers: readonly string[],
  init: InitName,
  variant: BootVariant,
  nspawn: readonly string[],
): Promise<BootSample> {
  await using used = new AsyncDisposableStack();
  const { path } = used.use(await temporaryFolder());
  const machine = used.use(await layOver(layers, path));
  let ready: number | undefined;
  const boot = used.use(
    await bootMachine(machine, {
      uuid: UUID,
      nspawn,
      platform: {
        vmId: VM_ID,
        computerName: COMPUTER_NAME,
        args: variant.platform ?? [],
        onLog: (text) => {
          if (/-> 200 \(Ready\b/.test(text)) ready ??= Date.now();
        },
      },
      prepare: async (network) => {
        await succeed("ip", [
          ...["-n", network.machine, "link", "set", "eth0", "address", MAC],
        ]);
        if (!variant.asksForAddress) return;
        used.use(startDhcpServer(network));
        // Azure gives them with the lease, and waagent looks for them.
        for (const address of ["168.63.129.16", "169.254.169.254"]) {
          await succeed("ip", [
            ...["-n", network.machine, "route", "add", address],
            ...["via", "10.77.0.1"],
          ]);
        }
      },
    }),
  );
  await boot.until("the agent has started", () => boot.started(), BOOT_MS);
  if (variant.reports) {
    await waitUntil("it reports Ready", () => ready !== undefined, READY_MS);
  }
  // Whatever comes after Ready: the mark, the flag.
  await sleep(300);
  const { times, systemd } = await timesOf(boot, machine.tree, init, ready);
  await boot.cutPower();
  return {
    times,
    units: systemd === undefined ? [] : sharesOf(systemd, ""),
  };
}

async function timesOf(
  boot: Boot,
  tree: string,
  init: InitName,
  ready: number | undefined,
): Promise<{ times: BootTimes; systemd?: SystemdTimes }> {
  if (init === "systemd") {
    await Deno.writeTextFile(`${tree}${TALK}/end`, "");
    const path = `${tree}${TIMES}`;
    await boot.until("its times are known", () => isThere(path), BOOT_MS);
    const systemd = parseSystemdTimes(await Deno.readTextFile(path));
    return {
      systemd,
      times: bootTimes({
        init: systemd.started,
        sysinit: systemd.ended.get("sysinit.target"),
        booted: systemd.finished,
        sshd: systemd.ended.get("ssh.service"),
        ready,
      }),
    };
  }
  const first = boot.firstProcess();
  return {
    times: bootTimes({
      init: startOf(first),
      booted: changedAt(`${tree}${TALK}/started`)!,
      sshd: changedAt(`/proc/${first}/root/run/sshd.pid`),
      ready,
    }),
  };
}

/** When a process started, in milliseconds since 1970, within a hundredth of a second. */
function startOf(process: number): number {
  const stat = Deno.readTextFileSync(`/proc/${process}/stat`);
  const ticks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  const [uptime] = Deno.readTextFileSync("/proc/uptime").split(" ");
  return Date.now() - (Number(uptime) - ticks / 100) * 1000;
}

function changedAt(path: string): number | undefined {
  try {
    return Deno.statSync(path).mtime?.getTime();
  } catch {
    return undefined;
  }
}

function isThere(path: string): boolean {
  return changedAt(path) !== undefined;
}

function nothing() {
  return Promise.resolve({
    nspawn: [] as readonly string[],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}
