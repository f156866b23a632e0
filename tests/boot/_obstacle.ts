import { run } from "../helpers/command.ts";
import { missingProgram } from "../helpers/missing_program.ts";

const PROGRAMS = [
  "cp",
  "ip",
  "journalctl",
  "ldd",
  "mmdebstrap",
  "mount",
  "nsenter",
  "systemd-nspawn",
  "umount",
];

/** The smallest machine there is, whose only program is `true`; $0 is an empty folder. */
const PROBE = `
  cd "$0"
  mkdir -p lower/usr lower/proc lower/sys lower/dev lower/run lower/tmp upper work root
  mount -t overlay overlay -o "lowerdir=$0/lower,upperdir=$0/upper,workdir=$0/work" root
  binds=
  for folder in usr bin lib lib64 sbin; do
    if [ -L "/$folder" ]; then ln -s "$(readlink "/$folder")" "root/$folder"
    elif [ -d "/$folder" ]; then binds="$binds --bind-ro=/$folder"; fi
  done
  exec systemd-nspawn --quiet --register=no --keep-unit --private-network -D "$0/root" $binds \\
    -M "azure-provisioning-probe-$$" /bin/true`;

/** Why no machine can be booted here, or `undefined` if one can. */
export const BOOT_OBSTACLE: string | undefined = await findObstacle();

async function findObstacle(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "it needs Linux";
  if (Deno.uid() !== 0) {
    return "it needs root, for namespaces and systemd-nspawn";
  }
  const missing = missingProgram(PROGRAMS);
  if (missing !== undefined) {
    return `it needs the program "${missing}" (on Debian: apt-get install mmdebstrap systemd-container iproute2 dnsmasq-base)`;
  }
  return await tryBoot();
}

async function tryBoot(): Promise<string | undefined> {
  const dir = await Deno.makeTempDir({ prefix: "azure-provisioning-boot-" });
  try {
    const { code, stderr } = await run("unshare", [
      "--mount",
      "sh",
      "-euc",
      PROBE,
      dir,
    ], 30_000);
    if (code === 0) return undefined;
    const reason = stderr.trim().split("\n").at(-1);
    return `systemd-nspawn cannot boot a machine over an overlay here: ${reason}`;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
