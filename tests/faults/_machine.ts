import {
  type BootPlatform,
  startBootPlatform,
} from "../helpers/boot_platform.ts";
import { waitUntil } from "../helpers/wait_until.ts";
import {
  type Background,
  type BackgroundEnd,
  startInBackground,
} from "../helpers/background.ts";
import { cleanUpMachineIfKilled } from "../helpers/machine_janitor.ts";
import { inNamespace, makeNetwork } from "../helpers/network.ts";
import { uniqueName } from "../helpers/unique_name.ts";
import { BINARY } from "../helpers/vm.ts";

/** The VM, as the platform knows it. */
export const VM = {
  vmId: "66666666-ffff-4fff-8fff-666666666666",
  computerName: "fault-vm",
} as const;

/** The names that an image has before its first boot. */
export const IMAGE_HOSTNAME = "image\n";
/** See {@linkcode IMAGE_HOSTNAME}. */
export const IMAGE_HOSTS = "127.0.0.1\tlocalhost\n127.0.1.1\timage\n";

/** The accounts of an image: nobody logs in yet. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  passwd:
    "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/usr/sbin:/usr/sbin/nologin\n",
  shadow: "root:*:20000:0:99999:7:::\ndaemon:*:20000:0:99999:7:::\n",
  group: "root:x:0:\ndaemon:x:1:\nadm:x:4:\n",
  gshadow: "root:*::\ndaemon:*::\nadm:*::\n",
};

/**
 * A machine whose faults last from one boot to the next: network, mounts and host
 * name are its own, and stay until it is disposed of. It sees this machine's files,
 * but for what a first boot and useradd write to: an /etc with accounts, a /home, a
 * /var/lib, a /var/log, a /var/mail and a /run of its own; its chassis has no tag.
 */
export interface Machine extends AsyncDisposable {
  /** Its folders, as this machine sees them. */
  readonly dir: string;
  /**
   * Starts a shell script inside, `$0` being the compiled program. With `exec` in
   * front of its last command, the process is that command.
   */
  start(script: string): Background;
  /** Runs a shell script inside. */
  run(script: string): Promise<BackgroundEnd>;
  /** Runs a shell script inside that has to succeed, and gives what it prints. */
  succeed(script: string): Promise<string>;
  /**
   * Starts the platform that the machine reaches; at most one at a time.
   *
   * @param faults What it does wrong.
   * @param vm More options of `simulate`: what the VM is to have.
   */
  startPlatform(
    faults?: readonly string[],
    vm?: readonly string[],
  ): Promise<BootPlatform>;
}

/**
 * $0 is the machine's folder, $1 the program, which may be below the /home that is hidden; it lives until its input ends, as
 * it does when the test is killed.
 */
const HOLD = `
  : >"$0/azure-provisioning"
  mount --bind "$1" "$0/azure-provisioning"
  for folder in /run /home /var/log /var/mail; do
    [ ! -d "$folder" ] || mount -t tmpfs -o mode=755 none "$folder"
  done
  [ ! -d /sys/class/dmi ] || mount -t tmpfs none /sys/class/dmi
  mount --bind "$0/etc" /etc
  mount --bind "$0/lib" /var/lib
  hostname image
  echo ready
  exec cat`;

/**
 * Makes a machine.
 *
 * @returns The machine; disposing of it takes everything away.
 */
export async function makeMachine(): Promise<Machine> {
  await using made = new AsyncDisposableStack();
  const name = uniqueName();
  const dir = await Deno.makeTempDir({ prefix: "azure-provisioning-fault-" });
  made.use(cleanUpMachineIfKilled(name, dir));
  made.defer(() => Deno.remove(dir, { recursive: true }));
  const network = made.use(await makeNetwork(name, "static"));
  await Deno.mkdir(`${dir}/etc`);
  await Deno.mkdir(`${dir}/lib`);
  await Deno.writeTextFile(`${dir}/etc/hostname`, IMAGE_HOSTNAME);
  await Deno.writeTextFile(`${dir}/etc/hosts`, IMAGE_HOSTS);
  for (const [file, text] of Object.entries(ACCOUNTS)) {
    await Deno.writeTextFile(`${dir}/etc/${file}`, text);
  }
  const pid = await hold(made, network.machine, dir);
  const inside = (script: string) =>
    startInBackground([
      "nsenter",
      `--target=${pid}`,
      "--net",
      "--uts",
      "--mount",
      "--ipc",
      "--wd=/",
      "sh",
      "-euc",
      script,
      `${dir}/azure-provisioning`,
    ]);
  const run = async (script: string) => await inside(script).end;
  const resources = made.move();
  return {
    dir,
    start: inside,
    run,
    async succeed(script) {
      const { code, stdout, stderr } = await run(script);
      if (code === 0) return stdout;
      throw new Error(`"${script}" ended with ${code}: ${stderr}`);
    },
    startPlatform: (faults = [], vm = []) =>
      startBootPlatform(network, { ...VM, faults, args: vm }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Starts the process that keeps the machine's namespaces, and gives its id. */
async function hold(
  made: AsyncDisposableStack,
  namespace: string,
  dir: string,
): Promise<number> {
  const [program, ...args] = inNamespace(namespace, [
    "unshare",
    "--uts",
    "--mount",
    "--ipc",
    "sh",
    "-euc",
    HOLD,
    dir,
    BINARY,
  ]);
  const process = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.getReader();
  made.defer(async () => {
    await process.stdin.close();
    await reader.cancel();
    await process.status;
  });
  const { done } = await reader.read();
  if (done) throw new Error("The machine ended before it was ready");
  return process.pid;
}

/** Waits until a platform has logged what a run of the program has sent. */
export async function untilSeen(
  platform: BootPlatform,
  what: string,
  holds: (lines: readonly string[]) => boolean,
): Promise<void> {
  await waitUntil(
    `the platform has seen ${what}`,
    () => holds(platform.seen().lines),
    30_000,
  );
}
