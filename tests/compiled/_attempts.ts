/** An address that answers, and is none of the platform's. */
const OTHER_HOST = "10.77.0.1";
/** A port where neither of the platform's services is. */
const OTHER_PORT = 8080;

/** The folder that the program keeps its state in. */
const STATE = "/var/lib/azure-provisioning";

/** The folder where Hyper-V's daemon keeps what guest and host tell each other. */
const KVP = "/var/lib/hyperv";

/** One thing that the sandbox of the compiled program lets it do, or refuses. */
export interface Attempt {
  /** What is done. */
  readonly what: string;
  /**
   * How it ends: it `works`, it is `refused` for want of a permission, or there is
   * another error, such as for what is not there at all.
   */
  readonly ends: string;
  /** Does it. */
  readonly run: () => unknown;
}

/** The attempts of one kind; what works is the control of what is refused. */
export interface Kind {
  /** The kind. */
  readonly kind: string;
  /** The attempts. */
  readonly attempts: readonly Attempt[];
}

function works(what: string, run: () => unknown): Attempt {
  return { what, ends: "works", run };
}

function refused(what: string, run: () => unknown): Attempt {
  return { what, ends: "refused", run };
}

async function connect(hostname: string, port: number): Promise<void> {
  using _connection = await Deno.connect({ hostname, port });
}

function listen(hostname: string): void {
  using _listener = Deno.listen({ hostname, port: 0 });
}

async function runProgram(
  path: string,
  options: Deno.CommandOptions = {},
): Promise<void> {
  const { success } = await new Deno.Command(path, {
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    ...options,
  }).output();
  if (!success) throw new Error(`"${path}" failed`);
}

/** Tries in a worker. */
async function inWorker(
  source: string,
  options: WorkerOptions = {},
): Promise<void> {
  const code = `try { ${source}; postMessage("works"); }
    catch (error) { postMessage(error.name); }`;
  const worker = new Worker(
    `data:application/javascript,${encodeURIComponent(code)}`,
    { ...options, type: "module" },
  );
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  const answer = await promise;
  worker.terminate();
  if (answer === "NotCapable") throw new Deno.errors.NotCapable("in a worker");
  if (answer !== "works") throw new Error(answer);
}

async function sendDatagram(host: string): Promise<void> {
  const socket = (await import("node:dgram")).createSocket("udp4");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on("error", reject);
  socket.bind(
    0,
    "127.0.0.1",
    () =>
      socket.send("x", 53, host, (error) => error ? reject(error) : resolve()),
  );
  await promise.finally(() => socket.close());
}

/** All attempts. */
export const KINDS: readonly Kind[] = [
  {
    kind: "net",
    attempts: [
      works("connect to WireServer", () => connect("168.63.129.16", 80)),
      works(
        "connect to the metadata service",
        () => connect("169.254.169.254", 80),
      ),
      works("listen on the loopback", () => listen("127.0.0.1")),
      refused("connect to another host", () => connect(OTHER_HOST, 80)),
      refused(
        "connect to another port of WireServer",
        () => connect("168.63.129.16", OTHER_PORT),
      ),
      refused(
        "connect to WireServer's extension port",
        () => connect("168.63.129.16", 32526),
      ),
      refused(
        "connect to another port of the metadata service",
        () => connect("169.254.169.254", OTHER_PORT),
      ),
      refused(
        "connect to another address of the loopback",
        () => connect("127.0.0.2", OTHER_PORT),
      ),
      refused(
        "connect to a host by its name",
        () => connect("localhost", OTHER_PORT),
      ),
      refused("connect over IPv6", () => connect("::1", OTHER_PORT)),
      refused(
        "connect over IPv6 to WireServer's address",
        () => connect("::ffff:168.63.129.16", 80),
      ),
      refused("fetch from another host", () => fetch(`http://${OTHER_HOST}/`)),
      refused(
        "connect with TLS",
        () => Deno.connectTls({ hostname: OTHER_HOST, port: 443 }),
      ),
      refused("resolve a name", () => Deno.resolveDns("localhost", "A")),
      refused(
        "resolve a name, asking WireServer's other port",
        () =>
          Deno.resolveDns("localhost", "A", {
            nameServer: { ipAddr: "168.63.129.16", port: 53 },
          }),
      ),
      refused("listen on every address", () => listen("0.0.0.0")),
      refused("listen on the VM's address", () => listen("10.77.0.5")),
      works("send a datagram to the loopback", () => sendDatagram("127.0.0.1")),
      {
        what: "send a datagram to another host",
        ends: "Error: send UNKNOWN 10.77.0.1:53", // Node's word for what the permissions refuse.
        run: () => sendDatagram(OTHER_HOST),
      },
      refused(
        "connect to D-Bus",
        () => Deno.connect({ transport: "unix", path: "/run/dbus.socket" }),
      ),
    ],
  },
  {
    kind: "read",
    attempts: [
      works("read a file", () => Deno.readTextFileSync("/etc/hostname")),
      refused(
        "read its environment",
        () => Deno.readFileSync("/proc/self/environ"),
      ),
      refused(
        "read its environment by another name",
        () => Deno.readFileSync("/proc/../proc/1/environ"),
      ),
      refused(
        "read its environment through a link",
        () => Deno.readFileSync(`${STATE}/environ`),
      ),
      refused("read the memory", () => Deno.readFileSync("/dev/mem")),
      refused("read the kernel's log", () => Deno.openSync("/dev/kmsg")),
      refused("read /sys", () => Deno.readFileSync("/sys/power/state")),
    ],
  },
  {
    kind: "write",
    attempts: [
      works("write the state", () => Deno.writeTextFileSync(`${STATE}/x`, "x")),
      works("write /etc/hostname and rename to it", () => {
        Deno.writeTextFileSync("/etc/.hostname.azure-provisioning", "image\n");
        Deno.renameSync("/etc/.hostname.azure-provisioning", "/etc/hostname");
      }),
      works("write /etc/hosts and rename to it", () => {
        Deno.writeTextFileSync("/etc/.hosts.azure-provisioning", "");
        Deno.renameSync("/etc/.hosts.azure-provisioning", "/etc/hosts");
      }),
      works(
        "write what the host reads",
        () => Deno.writeFileSync(`${KVP}/.kvp_pool_1`, new Uint8Array()),
      ),
      works("write the copy of what the media say, and take it away", () => {
        Deno.writeTextFileSync("/run/azure-provisioning/ovf-env.xml", "x");
        Deno.removeSync("/run/azure-provisioning/ovf-env.xml");
      }),
      ...[
        "/home/azure/file",
        "/etc/doas.conf",
        "/etc/ssh/sshd_config.d/00-azure-provisioning.conf",
        "/etc/sudoers.d/90-azure-provisioning",
      ].map((path) =>
        works(`write ${path}`, () => Deno.writeTextFileSync(path, "x"))
      ),
      ...[
        `${KVP}/.kvp_pool_0`,
        `${KVP}/.kvp_pool_1.new`,
        "/etc/passwd",
        "/etc/shadow",
        "/root/.ssh/authorized_keys",
        "/home2/x",
        "/home/../etc/passwd",
        "/etc/ssh/sshd_config",
        "/etc/ssh/sshd_config.d/x.conf",
        "/etc/sudoers",
        "/etc/sudoers.d/x",
        "/etc/hostname.bak",
        "/etc/hostname/../passwd",
        "/etc/.hosts.azure-provisioning/../shadow",
        "/var/lib/other",
        "/var/lib/azure-provisioning-2",
        `${STATE}/../other`,
        "/tmp/x",
        "/run/x",
        "/run/azure-provisioning/x",
        "/dev/null",
        "/proc/sys/kernel/hostname",
        "/proc/self/oom_score_adj",
        "./x",
      ].map((path) =>
        refused(`write ${path}`, () => Deno.writeTextFileSync(path, "x"))
      ),
      {
        // Deno looks at the name only. The next ones are why there is no such link: only root makes one.
        what: "write through a link that leads out of the state",
        ends: "works",
        run: () => Deno.writeTextFileSync(`${STATE}/passwd`, "x"),
      },
      refused(
        "make a symbolic link in the state",
        () => Deno.symlinkSync("/etc/passwd", `${STATE}/y`),
      ),
      refused(
        "link a file into the state",
        () => Deno.linkSync("/etc/passwd", `${STATE}/y`),
      ),
      refused("make a folder", () => Deno.mkdirSync("/etc/x")),
      refused("make a temporary file", () => Deno.makeTempFileSync()),
      refused("remove a file", () => Deno.removeSync("/etc/passwd")),
      refused(
        "rename a file away",
        () => Deno.renameSync("/etc/passwd", `${STATE}/y`),
      ),
      refused(
        "rename the state to a file elsewhere",
        () => Deno.renameSync(`${STATE}/x`, "/etc/passwd"),
      ),
      refused(
        "copy the state elsewhere",
        () => Deno.copyFileSync(`${STATE}/x`, "/etc/passwd"),
      ),
      works(
        "change a mode in the state",
        () => Deno.chmodSync(`${STATE}/x`, 0o600),
      ),
      refused(
        "change a mode elsewhere",
        () => Deno.chmodSync("/etc/passwd", 0o666),
      ),
      refused(
        "change an owner elsewhere",
        () => Deno.chownSync("/etc/passwd", 1, 1),
      ),
      refused(
        "change a time elsewhere",
        () => Deno.utimeSync("/etc/passwd", 0, 0),
      ),
      refused(
        "truncate a file elsewhere",
        () => Deno.truncateSync("/etc/passwd"),
      ),
    ],
  },
  {
    kind: "run",
    attempts: [
      works("run hostname", () => runProgram("/usr/bin/hostname")),
      works(
        "run useradd",
        () => runProgram("/usr/sbin/useradd", { args: ["--help"] }),
      ),
      ...[
        "/bin/sh",
        "/usr/bin/env",
        "/usr/bin/true",
        "/usr/sbin/userdel",
        "/usr/bin/passwd",
        "/usr/bin/sudo",
        "/usr/bin/busybox",
        "/usr/bin/networkctl",
        "/usr/sbin/ifdown",
        "sh",
        "/usr/local/bin/hostname",
        `${STATE}/hostname`,
        "./hostname",
        "/usr/bin/../../etc/hostname",
        "/usr/bin/hostname2",
        "/proc/self/exe",
      ].map((path) => refused(`run ${path}`, () => runProgram(path))),
      refused(
        "run a hostname that PATH finds elsewhere",
        () => runProgram("hostname", { env: { PATH: STATE } }),
      ),
      refused(
        "load a library into hostname",
        () =>
          runProgram("/usr/bin/hostname", {
            env: { LD_PRELOAD: `${STATE}/x.so` },
          }),
      ),
      refused("signal a process", () => Deno.kill(1, "SIGCONT")),
    ],
  },
  {
    kind: "env",
    attempts: [
      works("read JOURNAL_STREAM", () => Deno.env.get("JOURNAL_STREAM")),
      refused("read PATH", () => Deno.env.get("PATH")),
      refused("read all of the environment", () => Deno.env.toObject()),
      refused("set LD_PRELOAD", () => Deno.env.set("LD_PRELOAD", "/x.so")),
    ],
  },
  {
    kind: "sys",
    attempts: [
      works("ask for the host name", () => Deno.hostname()),
      refused("ask for the user", () => Deno.uid()),
      refused("ask for the addresses", () => Deno.networkInterfaces()),
      refused("ask for the load", () => Deno.loadavg()),
      refused("ask for the kernel", () => Deno.osRelease()),
      refused("ask for the memory", () => Deno.systemMemoryInfo()),
      refused("become another user", async () => {
        const { setuid } = (await import("node:process")).default;
        setuid!(1);
      }),
      refused("ask for another process's priority", async () => {
        (await import("node:os")).default.getPriority(1);
      }),
    ],
  },
  {
    kind: "code",
    attempts: [
      works("run a worker", () => inWorker("void 0")),
      refused(
        "open a library",
        () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}),
      ),
      ...[
        `http://${OTHER_HOST}/module.ts`,
        // Deno itself would load from there without a permission.
        "https://jsr.io/module.ts",
      ].map((from) => ({
        what: `import ${from}`,
        ends: `TypeError: Module not found: ${from}`,
        run: () => import(from),
      })),
      // It is read like any file, and may do no more than the program.
      works(
        "import a module from a file",
        () => import(`file://${STATE}/module.ts`),
      ),
      refused(
        "write elsewhere in a module from a file",
        () => import(`file://${STATE}/writes.ts`),
      ),
      refused("write elsewhere in a module made of text", () =>
        import(
          `data:application/javascript,${
            encodeURIComponent('Deno.writeTextFileSync("/etc/passwd", "x")')
          }`
        )),
      {
        what: "run a text as code",
        ends:
          "EvalError: Code generation from strings disallowed for this context",
        run: () => (0, eval)("1"),
      },
      refused(
        "write elsewhere in a worker",
        () => inWorker('Deno.writeTextFileSync("/etc/passwd", "x")'),
      ),
      refused("ask for a permission", async () => {
        const { state } = await Deno.permissions.request({ name: "run" });
        if (state !== "granted") throw new Deno.errors.NotCapable(state);
      }),
      {
        what: "compile machine code",
        ends: "ReferenceError: WebAssembly is not defined",
        run: () =>
          new WebAssembly.Module(
            Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
          ),
      },
    ],
  },
];

/** Given to a worker, it ends the program. */
export const MORE_FOR_A_WORKER: Attempt = {
  what: "give a worker more",
  ends: "70",
  run: () =>
    inWorker(
      "void 0",
      { deno: { permissions: { write: true } } } as WorkerOptions,
    ),
};
