import type { Clues } from "./client_files.ts";

/** The most clients that are told: a machine with more interfaces is no first boot's matter. */
const MAX_CLIENTS = 8;

/** A name that an interface can have, and that no program takes for an option. */
const DEVICE = /^[A-Za-z0-9_][\w.:@-]{0,14}$/;

/** What udhcpc works on if nobody says. */
const USUAL_DEVICE = "eth0";

/**
 * Finds the DHCP clients that run, by what they have written of themselves.
 *
 * A file with a process id tells that a client was started in this boot, as `/run`
 * does not outlive one; whether it still runs, files cannot tell.
 *
 * @param clues What they have written.
 * @returns The clients; none on a machine whose address is fixed.
 */
export function findClients(clues: Clues): DhcpClient[] {
  const found = [
    ...networkd(clues),
    ...networkManager(clues),
    ...dhclient(clues),
    ...dhcpcd(clues),
    ...udhcpc(clues),
  ];
  return found.filter((client) =>
    client.kind === "systemd-networkd" || client.device === undefined ||
    DEVICE.test(client.device)
  ).slice(0, MAX_CLIENTS);
}

function networkd({ networkdLeases, networkdUnit }: Clues): DhcpClient[] {
  if (networkdLeases.length === 0) return [];
  // By this signal it knows a restart from a stop, after which it takes its addresses along.
  const keepsAddress = /^RestartKillSignal=SIGUSR2\s*$/m.test(networkdUnit);
  return [{ kind: "systemd-networkd", keepsAddress }];
}

/** What it says of a device has no name of it, but the connection's id, and that and the name are in the lease's. */
function networkManager(clues: Clues): DhcpClient[] {
  return clues.networkManagerDevices.flatMap(({ text }) => {
    const id = /^connection-uuid=([\w-]+)\s*$/m.exec(text)?.[1];
    if (id === undefined || !/^dhcp4\.|^\[dhcp4\]/m.test(text)) return [];
    return clues.networkManagerFiles.flatMap((name): DhcpClient[] => {
      const mark = `-${id}-`;
      const start = name.indexOf(mark);
      if (start < 0 || !name.endsWith(".lease")) return [];
      const device = name.slice(start + mark.length, -".lease".length);
      return [{ kind: "NetworkManager", device }];
    });
  });
}

function dhclient(clues: Clues): DhcpClient[] {
  const { runFiles, dhclientLeases, dhclientSettings: settings } = clues;
  return devicesOf("dhclient", runFiles).flatMap((named): DhcpClient[] => {
    const ofDevice = (name: string) =>
      [".leases", ".lease"].some((end) =>
        [`.${named}`, `-${named}`].some((it) => name.endsWith(`${it}${end}`))
      );
    const leases = dhclientLeases.find(({ name }) =>
      named === undefined ? /^dhclient\.leases?$/.test(name) : ofDevice(name)
    )?.text ?? dhclientLeases.find(({ text }) =>
      named !== undefined && deviceIn(text) === named
    )?.text ?? "";
    const device = named ?? deviceIn(leases);
    if (device === undefined) {
      return [];
    }
    return [{ kind: "dhclient", device, leases, settings }];
  });
}

/** The device of the last lease. */
function deviceIn(leases: string): string | undefined {
  return [...leases.matchAll(/^\s*interface "([^"\n]+)";/gm)].at(-1)?.[1];
}

/**
 * It has a process for each device, or one for all, which takes a name with a
 * request, by its socket. Without that, a second one would be started by a request.
 */
function dhcpcd(clues: Clues): DhcpClient[] {
  const tellsName = /^[ \t]*hostname(_short)?\b/m.test(clues.dhcpcdSettings);
  const client = (device: string, takesName: boolean): DhcpClient => ({
    kind: "dhcpcd",
    device,
    takesName,
    tellsName,
  });
  const has = (name: string) => clues.dhcpcdFiles.includes(name);
  if (has("pid") && !has("sock")) {
    return [{ kind: "dhcpcd", takesName: false, tellsName }];
  }
  if (has("pid")) {
    return namesBefore(".lease", clues.dhcpcdLeases)
      .map((device) => client(device, true));
  }
  // Up to dhcpcd 8 the files are in /run itself.
  const devices = [
    ...namesBefore(".pid", clues.dhcpcdFiles),
    ...devicesOf("dhcpcd", clues.runFiles).filter((it) => it !== undefined),
  ].map((it) => it.replace(/-[46]$/, ""));
  return [...new Set(devices)].map((device) => client(device, false));
}

function udhcpc({ runFiles }: Clues): DhcpClient[] {
  return devicesOf("udhcpc", runFiles).map((device) => ({
    kind: "udhcpc",
    device: device ?? USUAL_DEVICE,
  }));
}

/** The devices in names such as `dhclient.eth0.pid` and `dhclient-eth0.pid`; `undefined` for `dhclient.pid`. */
function devicesOf(
  program: string,
  names: readonly string[],
): (string | undefined)[] {
  return namesBefore(".pid", names)
    .filter((it) => it === program || /^[.-]./.test(it.slice(program.length)))
    .filter((it) => it.startsWith(program))
    .map((it) => it.slice(program.length + 1) || undefined);
}

function namesBefore(end: string, names: readonly string[]): string[] {
  return names.filter((it) => it.endsWith(end) && it.length > end.length)
    .map((it) => it.slice(0, -end.length));
}

/** A DHCP client that has an address for this machine, and what telling it the name takes. */
export type DhcpClient =
  | {
    readonly kind: "systemd-networkd";
    /** Whether its unit says that a restart keeps what is configured, as all do since about 2019. */
    readonly keepsAddress: boolean;
  }
  | { readonly kind: "NetworkManager"; readonly device: string }
  | {
    readonly kind: "dhclient";
    readonly device: string;
    /** What it remembers of its leases: who it says it is, and which address it has. */
    readonly leases: string;
    /** Its settings. */
    readonly settings: string;
  }
  | {
    readonly kind: "dhcpcd";
    /** Its device; absent if it is told by a signal and has several. */
    readonly device?: string;
    /** Whether it takes the name with the request, or only from its own settings. */
    readonly takesName: boolean;
    /** Whether its settings have it tell a name. */
    readonly tellsName: boolean;
  }
  | { readonly kind: "udhcpc"; readonly device: string };

/**
 * Names a client and where it works, for messages.
 *
 * @param client The client.
 * @returns Such as `dhclient on eth0`.
 */
export function describe(client: DhcpClient): string {
  return client.kind === "systemd-networkd" || client.device === undefined
    ? client.kind
    : `${client.kind} on ${client.device}`;
}
