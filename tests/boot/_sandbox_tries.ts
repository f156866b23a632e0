import type { Try } from "./_sandbox_probe.ts";

/** A try that the unit refuses, and the settings that do. */
export interface Refusal extends Try {
  /**
   * The settings that refuse it, as they begin in the unit. Without all of them it
   * can be done; each of them alone refuses it.
   */
  readonly by: readonly [string, ...string[]];
  /** Whether the kernel has to take filters of systemd's (BPF), which not every namespace lets it have. */
  readonly filter?: boolean;
  /** The only suite whose machine lets it be done without the settings, where systemd-nspawn refuses it elsewhere. */
  readonly controlledOn?: "bookworm";
}

/** A try that the unit allows. */
export interface Allowance extends Try {
  /** The setting that allows it, where another forbids it. */
  readonly by?: string;
  /** See {@linkcode Refusal.filter}. */
  readonly filter?: boolean;
}

/** The numbers of system calls. */
const CALLS = Deno.build.arch === "x86_64"
  ? {
    mmap: 9,
    ptrace: 101,
    personality: 135,
    setpriority: 141,
    sethostname: 170,
    unshare: 272,
  }
  : {
    mmap: 222,
    ptrace: 117,
    personality: 92,
    setpriority: 140,
    sethostname: 161,
    unshare: 97,
  };

const CAPABILITIES = "CapabilityBoundingSet=";
const KNOWN_CALLS = "SystemCallFilter=@system-service";
const NOT_THESE_CALLS = "SystemCallFilter=~";
/** For a machine of 32 bits and x86; it exits with 0. */
const PROGRAM_OF_32_BITS =
  "f0VMRgEBAQAAAAAAAAAAAAIAAwABAAAAVIAECDQAAAAAAAAAAAAAADQAIAABAAAAAAAAAAEAAAAAAAAAAIAECACABAhdAAAAXQAAAAUAAAAAEAAAuAEAAAAx282A";
const NEW_USER_NAMESPACE = 0x10000000;
const NO_RANDOM_ADDRESSES = 0x40000;

/** What the unit makes read-only. */
const READ_ONLY: readonly string[] = [
  "/etc/ssh/ssh_config.d",
  "/etc/systemd",
  "/etc/pam.d",
  "/etc/sudoers",
  "/etc/cron.d",
  "/etc/init.d",
  "/etc/ld.so.conf.d",
  "/etc/profile.d",
];

/** Folders of {@linkcode READ_ONLY} that the tests' image has not. */
export const FOLDERS: readonly string[] = [
  "/etc/ssh/sshd_config.d",
  "/etc/ssh/ssh_config.d",
  "/etc/cron.d",
  "/etc/init.d",
];

/** Files that the tries look for, readable by everybody. */
export const FILES: readonly string[] = [
  "/var/lib/hyperv/.kvp_pool_0",
  "/var/lib/hyperv/.kvp_pool_1",
  "/etc/sudoers",
  "/home/probe/file",
  "/root/file",
  "/var/tmp/file",
  "/usr/lib/modules/file",
];

/** A file of another user, that nobody else may read. */
export const ANOTHERS_FILE = "/etc/boot-test-anothers";

/** A device that no service needs, /dev/fuse: its type and numbers. */
export const DEVICE_NUMBERS: readonly string[] = ["c", "10", "229"];

/** Where it is. */
export const DEVICE = "/etc/boot-test-device";

/** A program that runs as its owner, another user. */
export const SETUID_PROGRAM = "/usr/local/lib/boot-test/id";

/** Another user's id. */
export const ANOTHER_USER = 65534;

function send(address: string): string {
  return `perl -MSocket -e 'socket(S, AF_INET, SOCK_DGRAM, 0) && send(S, "x", 0, sockaddr_in(53, inet_aton("${address}"))) or die "$!"'`;
}

function connect(address: string): string {
  return `timeout 2 perl -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 0) && connect(S, sockaddr_in(80, inet_aton("${address}"))) or die "$!"'`;
}

function socket(family: number): string {
  return `perl -MSocket -e 'socket(S, ${family}, SOCK_DGRAM, 0) or die "$!"'`;
}

/** What the unit refuses. */
export const REFUSALS: readonly Refusal[] = [
  ...["/usr", "/boot", "/opt", "/var/lib", "/"].map((folder): Refusal => ({
    what: `write to ${folder}`,
    command: `touch ${folder}/probe.$run`,
    by: ["ProtectSystem="],
  })),
  {
    what: "write what the host says",
    command: ": >>/var/lib/hyperv/.kvp_pool_0",
    by: ["ProtectSystem="],
  },
  ...READ_ONLY.map((path): Refusal => ({
    what: `write to ${path}`,
    command:
      `if [ -d ${path} ]; then touch ${path}/probe.$run; else : >>${path}; fi`,
    by: ["ReadOnlyPaths="],
  })),
  {
    what: "read /root/file",
    command: "cat /root/file",
    by: ["InaccessiblePaths="],
  },
  {
    what: "read what others have in /var/tmp",
    command: "cat /var/tmp/file",
    by: ["InaccessiblePaths="],
  },
  {
    what: "write to /tmp",
    command: "touch /tmp/probe.$run",
    by: ["InaccessiblePaths=", "ProtectSystem="],
  },
  {
    what: "see the console",
    command: "[ -e /dev/console ]",
    by: ["PrivateDevices="],
  },
  {
    what: "make a device",
    command: "mknod /etc/probe-null.$run c 1 3",
    by: [CAPABILITIES, "PrivateDevices="],
  },
  {
    what: "change a setting of the kernel",
    command: "echo 0 >/proc/sys/net/ipv4/conf/eth0/accept_redirects",
    by: ["ProtectKernelTunables=", "ProcSubset="],
    controlledOn: "bookworm",
  },
  {
    what: "read the modules",
    command: "cat /usr/lib/modules/file",
    by: ["ProtectKernelModules="],
  },
  {
    what: "make a control group",
    command: "mkdir /sys/fs/cgroup/probe.$run",
    by: ["ProtectControlGroups="],
  },
  {
    what: "see another process",
    command: "cat /proc/1/cmdline",
    by: ["ProtectProc="],
  },
  {
    what: "ask for the kernel's version in /proc",
    command: "cat /proc/version",
    by: ["ProcSubset="],
  },
  {
    what: "make a file that others may read",
    command:
      '>/etc/probe-mode.$run; [ "$(stat -c %a /etc/probe-mode.$run)" = 644 ]',
    by: ["UMask="],
  },
  {
    what: "become another user by a setuid program",
    command: `[ "$(${SETUID_PROGRAM} -u)" = ${ANOTHER_USER} ]`,
    by: ["NoNewPrivileges="],
  },
  {
    what: "have another capability than those that give files away",
    command: "! grep -Eqx 'CapBnd:.0*b' /proc/self/status",
    by: [CAPABILITIES],
  },
  {
    what: "have another capability than those, and the one that names the host",
    command: "! grep -Eqx 'CapBnd:.0*(20000)?b' /proc/self/status",
    by: [CAPABILITIES],
  },
  {
    what: "become another user",
    command: "perl -e '$> = 1; $> == 1 or die \"$!\"'",
    by: [CAPABILITIES, NOT_THESE_CALLS],
  },
  {
    what: "mount",
    command: "mount -t tmpfs none /mnt",
    by: [CAPABILITIES, KNOWN_CALLS],
  },
  {
    what: "trace",
    command: `call ${CALLS.ptrace} 0 0 0 0`,
    by: [KNOWN_CALLS],
  },
  {
    what: "change a priority",
    command: `call ${CALLS.setpriority} 0 0 19`,
    by: [NOT_THESE_CALLS],
  },
  {
    what: "set the host name by itself",
    command:
      `perl -MPOSIX -e '$name = (uname)[1]; syscall(${CALLS.sethostname}, $name, length $name) == 0 or die "$!"'`,
    by: [CAPABILITIES, KNOWN_CALLS, NOT_THESE_CALLS],
  },
  {
    what: "change its personality",
    command: `call ${CALLS.personality} ${NO_RANDOM_ADDRESSES}`,
    by: ["LockPersonality="],
  },
  {
    what: "run in real time",
    command: "chrt --rr 1 true",
    by: ["RestrictRealtime=", CAPABILITIES, NOT_THESE_CALLS],
  },
  {
    what: "make a setuid program",
    command: ">/etc/probe-setuid.$run; chmod 4755 /etc/probe-setuid.$run",
    by: ["RestrictSUIDSGID="],
  },
  {
    what: "make a namespace",
    command: `call ${CALLS.unshare} ${NEW_USER_NAMESPACE}`,
    by: ["RestrictNamespaces="],
  },
  {
    what: "have memory that is written and executed",
    command: `call ${CALLS.mmap} 0 4096 7 34 -1 0`,
    by: ["MemoryDenyWriteExecute="],
  },
  ...[["IPv6", 10], ["netlink", 16]].map(([name, family]): Refusal => ({
    what: `use ${name}`,
    command: socket(Number(family)),
    by: ["RestrictAddressFamilies="],
  })),
  ...(Deno.build.arch === "x86_64"
    ? [
      {
        what: "use the system calls of another architecture",
        command:
          `echo ${PROGRAM_OF_32_BITS} | base64 -d >/etc/probe-32.$run; chmod +x /etc/probe-32.$run; /etc/probe-32.$run`,
        by: ["SystemCallArchitectures="],
      } as const,
    ]
    : []),
  {
    what: "find the kernel's log",
    command: 'mode=$(stat -c %a /proc/kmsg) && [ "$mode" != 0 ]',
    by: ["ProtectKernelLogs=", "ProcSubset="],
    controlledOn: "bookworm",
  },
  {
    what: "open a device",
    command: `perl -e 'open(F, "<", "${DEVICE}") or die "$!"'`,
    by: ["DevicePolicy=", "PrivateDevices="],
    filter: true,
  },
  {
    what: "send to another address",
    command: send("10.77.0.1"),
    by: ["IPAddressDeny="],
    filter: true,
  },
];

/** What the unit allows: the controls. */
export const ALLOWANCES: readonly Allowance[] = [
  ...[
    ["connect to WireServer", connect("168.63.129.16")],
    ["connect to the metadata service", connect("169.254.169.254")],
    ["send to the loopback", send("127.0.0.1")],
  ].map(([what, command]): Allowance => ({
    what: what!,
    command: command!,
    by: "IPAddressAllow=",
    filter: true,
  })),
  {
    what: "write to /etc",
    command: "touch /etc/probe.$run",
    by: "ReadWritePaths=-/etc",
  },
  {
    what: "write what the host reads",
    command: ": >>/var/lib/hyperv/.kvp_pool_1",
    by: "ReadWritePaths=-/var/lib/hyperv",
  },
  ...["/etc/passwd", "/etc/shadow", "/etc/gshadow", "/etc/group"].map(
    (path): Allowance => ({
      what: `write ${path}, as the programs that make users do`,
      command: `cp -p ${path} ${path}.$run && mv ${path}.$run ${path}`,
      by: "ReadWritePaths=",
    }),
  ),
  {
    what: "write to /home",
    command: "touch /home/probe/file.$run",
  },
  {
    what: "write to /etc/ssh/sshd_config.d",
    command: "touch /etc/ssh/sshd_config.d/probe.$run",
    by: "ReadWritePaths=",
  },
  {
    what: "read another user's file",
    command: `cat ${ANOTHERS_FILE}`,
  },
  {
    what: "change an owner",
    command: ">/etc/probe-owner.$run; chown 1 /etc/probe-owner.$run",
    by: "SystemCallFilter=@chown",
  },
  {
    what: "write the state",
    command: "touch /var/lib/azure-provisioning/probe.$run",
    by: "ReadWritePaths=",
  },
  {
    what: "go on after a system call that is refused",
    command: `perl -e 'syscall(${CALLS.ptrace}, 0, 0, 0, 0); exit 0'`,
    by: "SystemCallErrorNumber=",
  },
];

/** Settings that no try shows, and why. */
export const NOT_SHOWN: Readonly<Record<string, string>> = {
  "PrivateMounts=": "the other settings make a name space for mounts, too",
  "ProtectClock=": "systemd-nspawn lets no machine set the clock",
  "KeyringMode=": "systemd-nspawn refuses to ask for a keyring",
};

/** Where the program hostname sets the name, this can be done, too. */
export const WITHOUT_HOSTNAMED: readonly string[] = [
  "have another capability than those that give files away",
  "set the host name by itself",
];
