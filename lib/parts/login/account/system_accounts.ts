import { readBounded } from "../../../files/read_bounded.ts";
import type { LoginMachine } from "../login_machine.ts";

/** Accounts that distributions and common services create for themselves, some with a shell. */
const KNOWN: readonly string[] = [
  ..."root daemon bin sys sync games man lp mail news uucp proxy www-data"
    .split(" "),
  ..."backup list irc gnats nobody operator adm halt shutdown ftp".split(" "),
  ..."messagebus dbus polkitd avahi rtkit colord geoclue tss saned".split(" "),
  ..."sshd ssh ntp chrony _apt man-db landscape pollinate syslog".split(" "),
  ..."postfix exim Debian-exim dovecot dovenull named bind unbound".split(" "),
  ..."apache httpd nginx wwwrun http tomcat haproxy squid varnish".split(" "),
  ..."mysql mariadb postgres redis mongodb memcached rabbitmq".split(" "),
  ..."elasticsearch kibana logstash grafana prometheus influxdb".split(" "),
  ..."git gitea gogs gitlab gitlab-runner jenkins buildkite-agent".split(" "),
  ..."docker containerd etcd kube consul vault nomad nfsnobody rpc".split(" "),
  ..."rpcuser statd libvirt-qemu qemu sssd pcp cockpit-ws lxd".split(" "),
];

/** Prefixes of accounts that distributions create for themselves. */
const KNOWN_PREFIX = /^(?:systemd-|_|libvirt|nixbld|cockpit-|gdm|sddm|lightdm)/;

/** The folders of sysusers.d(5), below `/etc` or the root. */
const SYSUSERS_FOLDERS: readonly string[] = [
  "/etc/sysusers.d",
  "/run/sysusers.d",
  "/usr/lib/sysusers.d",
];

/** The folders of systemd's units. */
const UNIT_FOLDERS: readonly string[] = [
  "/etc/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/** The largest file that is read, in bytes. */
const MAX_FILE_BYTES = 64 * 1024;

/** The most files of a folder that are read. */
const MAX_FILES = 1000;

/**
 * Says how it is known that an account is the system's own or a service's: by its name,
 * from sysusers.d(5), or from a unit that runs as that user.
 *
 * @returns Such as `it is a well-known one`; `undefined` if it is none.
 */
export function systemAccountSource(
  name: string,
  { etcDir }: Pick<LoginMachine, "etcDir">,
): string | undefined {
  if (KNOWN.includes(name) || KNOWN_PREFIX.test(name)) {
    return "it is a well-known one";
  }
  const escaped = name.replaceAll(".", "\\.");
  const sysusers = new RegExp(
    `^[ \\t]*u!?[ \\t]+"?${escaped}"?(?:[ \\t]|$)`,
    "m",
  );
  const unit = new RegExp(`^[ \\t]*User=[ \\t]*"?${escaped}"?[ \\t]*$`, "m");
  const listed = findIn(SYSUSERS_FOLDERS, ".conf", sysusers, etcDir);
  if (listed !== undefined) return `"${listed}" lists it`;
  const service = findIn(UNIT_FOLDERS, ".service", unit, etcDir);
  return service === undefined ? undefined : `"${service}" runs as it`;
}

function findIn(
  folders: readonly string[],
  suffix: string,
  pattern: RegExp,
  etcDir: string,
): string | undefined {
  for (const folder of folders) {
    const onDisk = folder.replace(/^\/etc(?=\/)/, etcDir);
    for (const name of namesIn(onDisk, suffix)) {
      if (pattern.test(read(`${onDisk}/${name}`))) return `${folder}/${name}`;
    }
  }
  return undefined;
}

function namesIn(folder: string, suffix: string): string[] {
  const names: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (name.endsWith(suffix) && names.push(name) >= MAX_FILES) break;
    }
  } catch {
    // It does not exist.
  }
  return names.sort();
}

/** A file that cannot be read lists nobody. */
function read(path: string): string {
  try {
    return new TextDecoder().decode(readBounded(path, MAX_FILE_BYTES));
  } catch {
    return "";
  }
}
