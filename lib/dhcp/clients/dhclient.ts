import {
  type DhcpClient,
  EXCHANGE_MS,
  type NotifyPlan,
  REQUEST_MS,
  type Step,
} from "../client.ts";
import {
  type MachineFiles,
  type NamedText,
  textsIn,
} from "../machine_files.ts";
import { addressFrom, inText } from "../option_245.ts";
import { devicesWithPidFile } from "../pid_files.ts";

/** Debian's and SUSE's folder, and Red Hat's. */
const LEASE_FOLDERS = ["/var/lib/dhcp", "/var/lib/dhclient"];

const SETTINGS = ["/etc/dhcp/dhclient.conf", "/etc/dhclient.conf"];

/**
 * ISC's client. A process serves one device.
 *
 * It asks the server for nothing before half of the lease is over. A second one, with
 * the settings and leases of the first, passes for it and asks for the same address;
 * its script does nothing, so no device changes.
 */
export const dhclient: DhcpClient = {
  name: "dhclient",
  programs: ["dhclient"],
  outsideSandbox: true,
  leaseFiles: LEASE_FOLDERS.map((folder) => ({
    folder,
    names: /leases?$/,
    wireServerIn: inText(parseLeases),
  })),
  findRunning(files) {
    const named = devicesWithPidFile("dhclient", files);
    if (named.length === 0) return [];
    const settings = SETTINGS.map((path) => files.text(path))
      .find((text) => text !== undefined) ?? "";
    const all = leasesIn(files);
    return named.flatMap((name) => {
      const leases = leasesOf(name, all);
      const device = name ?? deviceIn(leases);
      return device === undefined ? [] : [{
        device,
        planNotify: (hostName, stateDir) =>
          planSecond(device, {
            leases,
            settings: `${settings}\nsend host-name "${hostName}";\n`,
            stateDir,
          }),
      }];
    });
  },
};

function leasesIn(files: MachineFiles): NamedText[] {
  return LEASE_FOLDERS.flatMap((folder) =>
    textsIn(files, folder, /^dhclient.*\.leases?$/)
  );
}

/** Finds a device's leases by the file's name, or else by the last device in the file. */
function leasesOf(
  device: string | undefined,
  all: readonly NamedText[],
): string {
  const isNamed = (name: string) =>
    device === undefined
      ? /^dhclient\.leases?$/.test(name)
      : [`.${device}`, `-${device}`].some((it) =>
        name.endsWith(`${it}.leases`) || name.endsWith(`${it}.lease`)
      );
  const found = all.find(({ name }) => isNamed(name)) ??
    all.find(({ text }) => device !== undefined && deviceIn(text) === device);
  return found?.text ?? "";
}

/** The device of the last lease. */
function deviceIn(leases: string): string | undefined {
  return [...leases.matchAll(/^\s*interface "([^"\n]+)";/gm)].at(-1)?.[1];
}

/** What a second dhclient starts with. */
interface Second {
  readonly leases: string;
  /** Of two lines that set the same, the last one counts. */
  readonly settings: string;
  readonly stateDir: string;
}

function planSecond(
  device: string,
  { leases, settings, stateDir }: Second,
): NotifyPlan {
  const file = (suffix: string) => `${stateDir}/dhclient.${suffix}`;
  // With -i it identifies itself by this, and by the hardware's address without.
  const identity = /^default-duid /m.test(leases) ? ["-i"] : [];
  const step = (mode: string, timeoutMs: number): Step => ({
    program: "dhclient",
    args: [
      ...["-4", ...identity, "-cf", file("conf"), "-lf", file("leases")],
      ...["-pf", file("pid"), "-sf", "/bin/true", mode, device],
    ],
    timeoutMs,
  });
  return {
    kind: "plan",
    files: [
      { path: file("conf"), text: settings },
      { path: file("leases"), text: leases },
    ],
    notify: step("-1", EXCHANGE_MS),
    cleanUp: step("-x", REQUEST_MS),
    temporaryFiles: ["conf", "leases", "leases~", "pid"].map(file),
  };
}

/**
 * The line is like `option unknown-245 a8:3f:81:10;`, without the zero in front of a
 * single digit, or has a text in quotes where all bytes are printable.
 */
function parseLeases(leases: string): string | undefined {
  const last = leases.slice(leases.lastIndexOf("\nlease {") + 1);
  const [, hex, text] =
    /^\s*option unknown-245 (?:([\da-f:]+)|"((?:[^"\\\n]|\\.)*)");/im.exec(
      last,
    ) ?? [];
  if (text === undefined) return addressFrom(hex?.split(":"));
  const bytes = [...text.replaceAll(/\\(["\\])/g, "$1")]
    .map((character) => character.charCodeAt(0));
  return addressFrom(bytes.map((byte) => byte.toString(16)));
}
