import { TALK } from "./_agent.ts";
import { type Background, startInBackground } from "../helpers/background.ts";
import type { Machine } from "./_image.ts";
import { type Cgroup, makeCgroup } from "./_cgroup.ts";
import { putFiles } from "./_put_files.ts";
import { cleanUpMachineIfKilled } from "../helpers/machine_janitor.ts";
import {
  type Addressing,
  makeNetwork,
  type Network,
} from "../helpers/network.ts";
import {
  type BootPlatform,
  type PlatformOptions,
  startBootPlatform,
} from "../helpers/boot_platform.ts";
import { uniqueName } from "../helpers/unique_name.ts";
import { waitUntil } from "../helpers/wait_until.ts";

/** How long a machine's own shutdown may take. */
const SHUTDOWN_MS = 120_000;

const PROGRAM = "azure-provisioning";

/** What is around a machine while it runs. */
export interface BootOptions {
  /** The platform; none that listens if absent. */
  readonly platform?: PlatformOptions;
  /** The UUID in the machine's SMBIOS; it has no SMBIOS if absent. */
  readonly uuid?: string;
  /** How the machine gets its address, by default before it boots. */
  readonly addressing?: Addressing;
  /** What the machine's first process has in its environment, as words of a kernel's command line would be. */
  readonly environment?: Readonly<Record<string, string>>;
  /** More options of systemd-nspawn. */
  readonly nspawn?: readonly string[];
  /** What to do to its network before it boots. */
  readonly prepare?: (network: Network) => Promise<void>;
  /** A folder in which the machine and the test talk to each other, by default one of the tree. */
  readonly talk?: string;
  /** What adds to the machine's network before it boots. */
  readonly addToNetwork?: (network: Network) => Promise<AsyncDisposable>;
}

/** A machine that runs. */
export interface Boot extends AsyncDisposable {
  /** Its network. */
  readonly network: Network;
  /** Its platform. */
  readonly platform: BootPlatform | undefined;
  /** Whether the boot has come as far as the test's agent. */
  started(): boolean;
  /** Whether systemd is done with the program's unit, one way or the other. */
  unitIsDone(): boolean;
  /** Whether systemd has begun with the program's unit, and is not done with it. */
  unitRuns(): boolean;
  /** Whether the machine has come into being. */
  hasFirstProcess(): boolean;
  /** Whether the program runs now. */
  programRuns(): boolean;
  /** Whether another program runs now, by its name. */
  runs(name: string): boolean;
  /** The running machine's PID 1, by its id on this machine. */
  firstProcess(): number;
  /** The libraries that the running program has loaded, by their names. */
  programLibraries(): string[];
  /** What the machine has written to its console. */
  console(): string;
  /** Waits, with a deadline, and fails at once if the machine ends meanwhile. */
  until(
    what: string,
    holds: () => boolean | Promise<boolean>,
    timeoutMs: number,
  ): Promise<void>;
  /** Lets the machine end in its own way, and gives the host name that it ran with. */
  powerOff(): Promise<string>;
  /** The units of the program that had failed then, with systemd. */
  failedUnits(): Promise<string[]>;
  /** Kills the machine as a power cut does: nothing in it gets to do anything. */
  cutPower(): Promise<void>;
}

/**
 * Boots a machine: its init is PID 1, in namespaces of its own.
 *
 * @param disk The machine's disk.
 * @param options What is around the machine.
 * @returns The running machine; disposing of it kills it, and takes everything away but its disk.
 */
export async function bootMachine(
  disk: Machine,
  options: BootOptions,
): Promise<Boot> {
  const { tree } = disk;
  const name = uniqueName();
  await using started = new AsyncDisposableStack();
  started.use(cleanUpMachineIfKilled(name));
  started.defer(() => removePropagation(name));
  const network = started.use(
    await makeNetwork(name, options.addressing ?? "static"),
  );
  const added = await options.addToNetwork?.(network);
  if (added !== undefined) started.use(added);
  const platform = options.platform === undefined
    ? undefined
    : started.use(await startBootPlatform(network, options.platform));
  await options.prepare?.(network);
  await disk.makeWritable();
  const talk = options.talk ?? `${tree}${TALK}`;
  await clearTalk(talk);
  if (options.uuid !== undefined) await showUuid(tree, options.uuid);
  const cgroup = started.use(await makeCgroup(name));
  const machine = started.use(
    startNspawn(tree, name, network, cgroup, options),
  );
  const resources = started.move();
  const talked = (file: string) => isFile(`${talk}/${file}`);
  const running = (name: string) =>
    cgroup.processes().filter((process) => nameOf(process) === name);
  const firstProcess = () => {
    const first = cgroup.firstProcess();
    if (first === undefined) throw new Error("The machine has no PID 1");
    return first;
  };
  const boot: Boot = {
    network,
    platform,
    started: () => talked("started"),
    unitIsDone: () => talked("done"),
    unitRuns: () => cgroup.hasProcessesIn("azure-provisioning.service"),
    hasFirstProcess: () => cgroup.firstProcess() !== undefined,
    programRuns: () => running(PROGRAM).length > 0,
    runs: (name) => running(name).length > 0,
    firstProcess,
    programLibraries: () => running(PROGRAM).flatMap(librariesOf),
    console: () => machine.output.stdout + machine.output.stderr,
    until: (what, holds, timeoutMs) =>
      waitUntil(what, async () => {
        if (await holds()) return true;
        if (!machine.ended) return false;
        throw new Error(`The machine ended before ${what}`);
      }, timeoutMs),
    async powerOff() {
      await Deno.writeTextFile(`${talk}/end`, "");
      await waitUntil(
        "the machine ends by itself",
        () => machine.ended,
        SHUTDOWN_MS,
      );
      return (await Deno.readTextFile(`${talk}/hostname`)).trim();
    },
    async failedUnits() {
      const lines = await Deno.readTextFile(`${talk}/failed`);
      return [...lines.matchAll(/^azure-provisioning\S*/gm)].map(([unit]) =>
        unit
      );
    },
    async cutPower() {
      Deno.kill(firstProcess(), "SIGKILL");
      await waitUntil(
        "the killed machine is gone",
        () => machine.ended,
        SHUTDOWN_MS,
      );
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
  return boot;
}

/** It enters the control group before it becomes systemd-nspawn; $0 is the machine's name. */
const START = `
  tree=$1 namespace=$2; shift 2
  while [ "$1" != -- ]; do echo $$ >"$1"; shift; done
  shift
  UNIFIED_CGROUP_HIERARCHY=1 exec systemd-nspawn --quiet -D "$tree" -M "$0" --register=no --keep-unit \\
    --network-namespace-path="/run/netns/$namespace" --capability=CAP_NET_ADMIN --system-call-filter=bpf \\
    --console=read-only --resolv-conf=off --timezone=off "$@"`;

/** What a machine shows of its SMBIOS, in the tree. */
const SMBIOS = "/usr/local/lib/boot-test/smbios";

/** Of bash, as the machine's /bin/sh may be what is wrong with it. Lays it over what the kernel shows: systemd-nspawn gives a machine no SMBIOS. */
const SHOW_SMBIOS = "/usr/local/lib/boot-test/show-smbios";

/** Becomes the machine's init, once that is done. */
const WITH_SMBIOS = "/usr/local/lib/boot-test/init";

async function showUuid(tree: string, uuid: string): Promise<void> {
  await putFiles(tree, [
    { path: `${SMBIOS}/dmi/id/product_uuid`, text: `${uuid}\n`, mode: 0o400 },
    {
      path: SHOW_SMBIOS,
      mode: 0o755,
      text: `#!/bin/bash
PATH=/usr/sbin:/usr/bin:/sbin:/bin
[ ! -e /sys/class/dmi ] || exit 0
mount=mount
command -v mount >/dev/null || mount='busybox mount'
exec $mount -t overlay -o lowerdir=${SMBIOS}:/sys/class overlay /sys/class
`,
    },
    {
      path: WITH_SMBIOS,
      mode: 0o755,
      text: `#!/bin/bash
${SHOW_SMBIOS}
for init in /usr/lib/systemd/systemd /sbin/init; do
  [ ! -x "$init" ] || exec "$init"
done
`,
    },
  ]);
  // Debian's scripts for these inits mount /sys anew.
  const inittab = await Deno.readTextFile(`${tree}/etc/inittab`)
    .catch(() => "");
  if (/^l2:2:wait:/m.test(inittab) && !inittab.includes(SHOW_SMBIOS)) {
    await Deno.writeTextFile(
      `${tree}/etc/inittab`,
      inittab.replace(/^l2:2:wait:/m, `sm:2:wait:${SHOW_SMBIOS}\n$&`),
    );
  }
}

function startNspawn(
  tree: string,
  name: string,
  network: Network,
  cgroup: Cgroup,
  { uuid, environment = {}, nspawn = [] }: Pick<
    BootOptions,
    "uuid" | "environment" | "nspawn"
  >,
): Background {
  return startInBackground([
    "sh",
    "-euc",
    START,
    name,
    tree,
    network.machine,
    ...cgroup.entrances,
    "--",
    ...Object.entries(environment).map(([name, value]) =>
      `--setenv=${name}=${value}`
    ),
    ...nspawn,
    uuid === undefined ? "--boot" : WITH_SMBIOS,
  ]);
}

/** What a systemd-nspawn that was killed leaves of its machine. */
async function removePropagation(name: string): Promise<void> {
  try {
    await Deno.remove(`/run/systemd/nspawn/propagate/${name}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function clearTalk(folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
}

/** The name that a process was started by. */
function nameOf(process: number): string | undefined {
  try {
    const [path] = Deno.readTextFileSync(`/proc/${process}/cmdline`).split(
      "\0",
    );
    return path?.slice(path.lastIndexOf("/") + 1);
  } catch {
    return undefined;
  }
}

function librariesOf(process: number): string[] {
  const maps = Deno.readTextFileSync(`/proc/${process}/maps`);
  const names = [...maps.matchAll(/\/([^\s/]+\.so[.0-9]*)$/gm)]
    .map((match) => match[1]!);
  return [...new Set(names)].sort();
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
