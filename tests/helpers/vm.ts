import { ENVIRONMENT, run } from "./command.ts";
import { cleanUpMachineIfKilled } from "./machine_janitor.ts";
import { missingProgram } from "./missing_program.ts";
import { inNamespace, makeNetwork } from "./network.ts";
import { finish, type ProgramResult, ROOT } from "./program.ts";
import { uniqueName } from "./unique_name.ts";

/** The compiled program, or the one that a variable names in its place. */
export const BINARY: string = Deno.env.get("AZURE_PROVISIONING_BINARY") ??
  `${ROOT}dist/azure-provisioning`;

/** Why a {@linkcode createVm} cannot work here, or `undefined` if it can. */
export const VM_OBSTACLE: string | undefined = obstacle();

/** How much of this machine a VM's programs see. */
export type VmRoot =
  /** All of it but for its own /etc, /var/lib and /run, and without the chassis's tag. */
  | "machine"
  /** Only the compiled program, what it needs, and the programs named. */
  | { readonly programs: readonly string[] };

/** Options of {@linkcode createVm}. */
export interface VmOptions {
  /** What it sees of this machine. */
  readonly root: VmRoot;
}

/** A "VM" with a network, a host name and an /etc of its own, and a platform beside it. */
export interface Vm extends AsyncDisposable {
  /** Its folder `/etc`, seen from outside. */
  readonly etcDir: string;
  /** Its folder `/var/lib`, seen from outside. */
  readonly varLibDir: string;
  /**
   * Starts the compiled program's simulated platform at 168.63.129.16:80 and
   * 169.254.169.254:80, and waits until it listens.
   *
   * @param args Options of `simulate`.
   */
  startPlatform(args: readonly string[]): Promise<SimulatedPlatform>;
  /**
   * Runs a shell command inside, `$0` being the compiled program.
   *
   * @param script What to run, such as `"$0" provision; hostname`.
   */
  run(script: string): Promise<ProgramResult>;
  /**
   * Runs the compiled program inside, to its end.
   *
   * @param args Its command line.
   */
  provision(args?: readonly string[]): Promise<ProgramResult>;
}

/** A platform that {@linkcode Vm.startPlatform} started. */
export interface SimulatedPlatform {
  /** Ends it, and gives its verdict and its log. */
  stop(): Promise<ProgramResult>;
}

/**
 * Creates a VM: a network namespace that reaches a platform's namespace at the
 * real addresses, and no other network. Host name, /etc, /var/lib and /run are its
 * own, so nothing that happens inside changes this machine.
 *
 * @param options What it sees of this machine.
 * @returns The VM; disposing of it takes everything away.
 */
export async function createVm(options: VmOptions): Promise<Vm> {
  await using made = new AsyncDisposableStack();
  const name = uniqueName();
  const dir = await Deno.makeTempDir({ prefix: "azure-provisioning-vm-" });
  made.use(cleanUpMachineIfKilled(name, dir));
  made.defer(() => Deno.remove(dir, { recursive: true }));
  const network = made.use(await makeNetwork(name, "static"));
  const platforms: Deno.ChildProcess[] = [];
  made.defer(async () => {
    for (const platform of platforms) await kill(platform);
  });
  await createFolders(dir);
  if (options.root !== "machine") await createRoot(dir, options.root.programs);
  const resources = made.move();
  const enter = options.root === "machine" ? ENTER_MACHINE : ENTER_ROOT;
  const inside = (script: string, args: readonly string[]) =>
    finish(
      spawn(inNamespace(network.machine, [
        "unshare",
        "--uts",
        "--mount",
        "--ipc",
        "sh",
        "-euc",
        enter,
        dir,
        BINARY,
        script,
        ...args,
      ])),
    );
  return {
    etcDir: `${dir}/etc`,
    varLibDir: `${dir}/var/lib`,
    async startPlatform(args) {
      const platform = spawn(
        inNamespace(network.platform, [BINARY, "simulate", ...args]),
        "null",
      );
      platforms.push(platform);
      return await listening(platform);
    },
    run: (script) => inside(script, []),
    provision: (args = ["provision"]) => inside('exec "$0" "$@"', args),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** In both, $0 is the VM's folder, $1 the program, $2 the script to run. */
const ENTER_MACHINE = `
  mount -t tmpfs none /run
  [ ! -d /sys/class/dmi ] || mount -t tmpfs none /sys/class/dmi
  mount --bind "$0/etc" /etc
  mount --bind "$0/var/lib" /var/lib
  program=$1 script=$2; shift 2
  exec sh -c "$script" "$program" "$@"`;
const ENTER_ROOT = `
  mount -t proc none "$0/proc"
  mount --bind /dev/null "$0/dev/null"
  shift
  script=$1; shift
  if [ -e "$0/bin/sh" ]; then
    exec chroot "$0" /bin/sh -c "$script" /usr/local/bin/azure-provisioning "$@"
  fi
  exec chroot "$0" /usr/local/bin/azure-provisioning "$@"`;

async function createFolders(dir: string): Promise<void> {
  for (const folder of ["etc", "var/lib", "proc", "dev", "usr/local/bin"]) {
    await Deno.mkdir(`${dir}/${folder}`, { recursive: true });
  }
  await Deno.writeTextFile(`${dir}/etc/hostname`, "image\n");
  await Deno.writeTextFile(
    `${dir}/etc/hosts`,
    "127.0.0.1\tlocalhost\n127.0.1.1\timage\n",
  );
}

async function createRoot(
  dir: string,
  programs: readonly string[],
): Promise<void> {
  await Deno.writeTextFile(`${dir}/dev/null`, "");
  await Deno.copyFile(BINARY, `${dir}/usr/local/bin/azure-provisioning`);
  const libraries = new Set<string>();
  for (const program of [BINARY, ...programs]) {
    for (const library of await librariesOf(program)) libraries.add(library);
  }
  for (const file of [...programs, ...libraries]) {
    const target = `${dir}${file}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
      recursive: true,
    });
    await Deno.copyFile(file, target);
  }
}

/** A program that ldd finds to be static has none. */
async function librariesOf(program: string): Promise<string[]> {
  const { code, stdout } = await run("ldd", [program]);
  if (code !== 0) return [];
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1]!);
}

async function listening(
  platform: Deno.ChildProcess,
): Promise<SimulatedPlatform> {
  const log = new Response(platform.stderr).text();
  const reader = platform.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  let stdout = "";
  while (!/imds.*\n/i.test(stdout)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The platform ended: ${stdout}${await log}`);
    stdout += value;
  }
  return {
    async stop() {
      await kill(platform, "SIGINT");
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        stdout += value;
      }
      const { code } = await platform.status;
      return { code, stdout, stderr: await log };
    },
  };
}

async function kill(
  process: Deno.ChildProcess,
  signal: Deno.Signal = "SIGKILL",
): Promise<void> {
  try {
    process.kill(signal);
  } catch {
    // It has ended.
  }
  await process.status;
}

function spawn(
  [program, ...args]: readonly [string, ...string[]],
  stdin: "piped" | "null" = "piped",
): Deno.ChildProcess {
  return new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...ENVIRONMENT },
    stdin,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

function obstacle(): string | undefined {
  if (Deno.uid() !== 0) return "it needs root, for namespaces";
  const missing = missingProgram(["ip", "nsenter", "unshare", "chroot", "ldd"]);
  return missing === undefined
    ? undefined
    : `it needs the program "${missing}"`;
}
