import { assert, assertStringIncludes } from "@std/assert";
import { run, succeed } from "../helpers/command.ts";
import { missingProgram } from "../helpers/missing_program.ts";
import { finish, type ProgramResult, ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { SHELLS } from "../install/_shells.ts";

/**
 * A machine made up for the scripts of `units/common`: a small root in which they run as
 * they are shipped, with busybox's programs. Mounts are its own; processes are not.
 */
export interface Machine {
  /** Its root. */
  readonly root: string;
  /** The name of its shell. */
  readonly shell: string;
  /** Writes a file; one that starts with `#!` is a program. */
  put(path: string, text: string): Promise<void>;
  /** Removes what is at some paths, if anything. */
  remove(...paths: readonly string[]): Promise<void>;
  /** Reads a file; empty if there is none. */
  read(path: string): Promise<string>;
  /** Lists a folder; empty if there is none. */
  names(path: string): Promise<string[]>;
  /** Whether anything is at a path. */
  has(path: string): Promise<boolean>;
  /** Starts a command with nothing but PATH in its environment; the process is that of the command. */
  start(...command: readonly string[]): Deno.ChildProcess;
  /** Runs a command to its end. */
  run(...command: readonly string[]): Promise<ProgramResult>;
  /** Runs a command that has to succeed with the mounts of the machine, but outside of its root. */
  mount(...command: readonly string[]): Promise<void>;
  /** Waits until nothing runs on the machine, but for a process that may go on. */
  idle(except?: number): Promise<void>;
}

/** Where `install.sh` puts the scripts. */
export const SCRIPTS = "/usr/local/lib/azure-provisioning";
/** Where it puts the program. */
export const PROGRAM = "/usr/local/bin/azure-provisioning";
/** Where the program and the scripts keep what they know of the VM. */
export const STATE = "/var/lib/azure-provisioning";
/** The UUID that the machine shows in its SMBIOS. */
export const UUID = "4c4c4544-0042-3510-8052-b4c04f4d3232";
/** Where it shows it. */
export const UUID_FILE = "/sys/class/dmi/id/product_uuid";

/** Options of {@linkcode machineTest}. */
export interface MachineOptions {
  /** Why the test cannot run here. */
  readonly obstacle?: string | undefined;
  /** Only with this shell. Busybox's always has busybox's programs, whatever is in PATH. */
  readonly only?: "dash";
  /** Other limits than a script has in its variables, in seconds. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** A file system that this machine's kernel has, for `iso9660`; the numbers and this are all that is changed in a script. */
  readonly fileSystem?: string;
}

const PROGRAMS =
  "cat chmod date dd env grep head id kill ln logger ls mkdir mkfifo modprobe mount mv printf readlink rm rmdir sed setsid sleep sync syslogd tail timeout touch tr true umount wc"
    .split(" ");

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const LONGEST_MS = 60_000;

const OBSTACLE = await obstacle();
if (OBSTACLE !== undefined) {
  console.error(`Tests of the units' scripts are skipped: ${OBSTACLE}`);
}

async function obstacle(): Promise<string | undefined> {
  if (Deno.uid() !== 0) return "only root can make them a root";
  const missing = missingProgram(["busybox", "chroot", "nsenter", "unshare"]);
  if (missing !== undefined) return `they need the program "${missing}"`;
  await using dir = await tempDir();
  await succeed("sh", ["-c", `cp "$(command -v busybox)" ${dir.path}`]);
  const { code } = await run("chroot", [dir.path, "/busybox", "true"]);
  return code === 0 ? undefined : "they need a static busybox";
}

/**
 * Registers a test of the scripts for every shell that is here.
 *
 * @param name What holds.
 */
export function machineTest(
  name: string,
  test: (machine: Machine) => Promise<void>,
  options: MachineOptions = {},
): void {
  for (const { name: shell } of SHELLS) {
    if (options.only !== undefined && options.only !== shell) continue;
    Deno.test({
      name: `${name} (${shell})`,
      ignore: (OBSTACLE ?? options.obstacle) !== undefined,
      fn: async () => {
        await using made = new AsyncDisposableStack();
        await test(await makeMachine(shell, made, options));
      },
    });
  }
}

async function makeMachine(
  shell: string,
  made: AsyncDisposableStack,
  options: MachineOptions,
): Promise<Machine> {
  const root = made.use(await tempDir()).path;
  const put = async (path: string, text: string) => {
    const mode = text.startsWith("#!") ? 0o755 : 0o644;
    const folder = `${root}${path.slice(0, path.lastIndexOf("/"))}`;
    await Deno.mkdir(folder, { recursive: true, mode: 0o755 });
    await Deno.writeTextFile(`${root}${path}`, text);
    await Deno.chmod(`${root}${path}`, mode);
  };
  await succeed("sh", ["-euc", MAKE_ROOT, "sh", root, shell, ...PROGRAMS]);
  for (const name of ["first-boot", "this-vm", "homes", "media", "userdata"]) {
    await put(`${SCRIPTS}/${name}`, await scriptWith(name, options));
  }
  await put("/etc/azure-provisioning.anywhere", "");
  await put(UUID_FILE, `${UUID.toUpperCase()}\n`);
  await put("/comm", "init\n");
  await put("/dev/console", "");
  const holder = new Deno.Command("unshare", {
    args: ["--mount", "--propagation=private", "sh", "-euc", MOUNT, "sh", root],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const ready = holder.stdout.getReader();
  made.defer(async () => {
    await holder.stdin.close();
    await holder.status;
    await ready.cancel();
  });
  assert((await ready.read()).value !== undefined, "there are no mounts");
  const place = `/proc/${holder.pid}/ns/mnt`;
  const processes = () => processesIn(place, holder.pid);
  const enter = [`--mount=${place}`, "--"];
  const start = (...command: readonly string[]) =>
    new Deno.Command("nsenter", {
      args: [
        ...enter,
        ...["chroot", root, "/tools/busybox", "env", "-i", `PATH=${PATH}`],
        ...command,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  // What is mounted there is seen, too.
  const seen = `/proc/${holder.pid}/root${root}`;
  return {
    root: seen,
    shell,
    put,
    async remove(...paths) {
      for (const path of paths) {
        await Deno.remove(`${root}${path}`, { recursive: true })
          .catch(() => {});
      }
    },
    read: (path) => Deno.readTextFile(`${seen}${path}`).catch(() => ""),
    async names(path) {
      if (!await isThere(`${seen}${path}`)) return [];
      const entries = await Array.fromAsync(Deno.readDir(`${seen}${path}`));
      return entries.map(({ name }) => name).sort();
    },
    has: (path) => isThere(`${seen}${path}`),
    start,
    async run(...command) {
      const process = start(...command);
      // A script that waits for ever is a failure, and not a test that hangs.
      const timer = setTimeout(async () => {
        for (const pid of await processes()) Deno.kill(pid, "SIGKILL");
      }, LONGEST_MS);
      try {
        return await finish(process);
      } finally {
        clearTimeout(timer);
      }
    },
    mount: async (...command) =>
      void await succeed("nsenter", [...enter, ...command]),
    idle: (except) =>
      until(async () =>
        (await processes()).every((process) => process === except)
      ),
  };
}

/** A bare image: a shell, busybox's programs, and nothing else. */
const MAKE_ROOT = `root=$1 shell=$2
shift 2
umask 022
chmod 755 "$root"
cd "$root"
mkdir -p bin dev etc proc run sys/bus/scsi/drivers/sr tmp tools usr/local/bin var/lib var/log
cp "$(command -v busybox)" tools/busybox
for program in busybox "$@"; do ln -s /tools/busybox "bin/$program"; done
if [ "$shell" = dash ]; then
  dash=$(command -v dash)
  cp "$dash" bin/sh
  for library in $(ldd "$dash" | grep -o '/[^ ]*'); do
    mkdir -p ".\${library%/*}"
    cp -L "$library" ".$library"
  done
else
  ln -s /tools/busybox bin/sh
fi
: >dev/null
: >dev/zero`;

/** /proc is this machine's, but for the name of its first process. Ends what is left as soon as the test does, or is killed. */
const MOUNT = `mount --rbind /proc "$1/proc"
mount --bind "$1/comm" "$1/proc/1/comm"
for device in null zero; do mount --bind "/dev/$device" "$1/dev/$device"; done
echo ready
read -r _ || :
for process in /proc/[0-9]*; do
  [ "$(readlink "$process/ns/mnt")" = "$(readlink "/proc/$$/ns/mnt")" ] && [ "$process" != "/proc/$$" ] || continue
  kill -KILL "\${process#/proc/}" 2>/dev/null || :
done`;

async function scriptWith(
  name: string,
  { numbers = {}, fileSystem = "iso9660" }: MachineOptions,
): Promise<string> {
  let text = await Deno.readTextFile(`${ROOT}units/common/${name}`);
  text = text.replace("in udf iso9660;", `in udf ${fileSystem};`);
  for (const [variable, value] of Object.entries(numbers)) {
    text = text.replace(
      RegExp(`\\b${variable}=[0-9]+$`, "m"),
      `${variable}=${value}`,
    );
  }
  return text;
}

async function processesIn(place: string, holder: number): Promise<number[]> {
  const namespace = (pid: string | number) =>
    Deno.readLink(`/proc/${pid}/ns/mnt`).catch(() => undefined);
  const own = await Deno.readLink(place).catch(() => undefined);
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === holder) continue;
    if (own !== undefined && await namespace(name) === own) {
      found.push(Number(name));
    }
  }
  return found;
}

/** Whether a path is there; a link counts, wherever it leads. */
function isThere(path: string): Promise<boolean> {
  return Deno.lstat(path).then(() => true, () => false);
}

/**
 * Waits for something, but not for ever.
 *
 * @param condition What has to become true.
 */
export async function until(
  condition: () => Promise<boolean> | boolean,
): Promise<void> {
  for (const start = Date.now(); !await condition();) {
    assert(Date.now() - start < 30_000, "it does not come true");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Fails if something takes long.
 *
 * @param mostMs How long it may take.
 * @param action What is done.
 * @returns What it gives.
 */
export async function within<T>(
  mostMs: number,
  action: () => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const result = await action();
  const took = Date.now() - start;
  assert(took < mostMs, `it took ${took} ms`);
  return result;
}

/**
 * Fails unless a text has all of some others.
 *
 * @param parts The others.
 */
export function assertHas(text: string, ...parts: readonly string[]): void {
  for (const part of parts) assertStringIncludes(text, part);
}
