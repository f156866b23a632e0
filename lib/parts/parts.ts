import { isThere } from "../files/is_there.ts";
import { DNS_NEEDS, DNS_PROGRAMS } from "./dns/dns_needs.ts";
import type { Part, PartInfo } from "./part.ts";

/** The first part; `provision` itself does it, and takes its name from here. */
export const HOST_NAME_PART: PartInfo = {
  name: "hostname",
  summary: "sets the host name that the metadata ask for",
  default: true,
  needs: "`hostnamectl` or `hostname`; else it takes effect at the next boot",
  programs: ["hostnamectl", "hostname"],
};

/** The other parts, in the order in which they run: a new one is a file, and an entry here. */
export const PARTS: readonly Part[] = [
  {
    name: "dns",
    summary: "has the DHCP client tell a new host name, so that DNS learns it",
    default: true,
    needs: DNS_NEEDS,
    programs: DNS_PROGRAMS,
    dispensable: true,
    wanted: ({ computerName, name }) => (computerName ?? name) !== undefined,
    load: () => import("./dns/dns_part.ts"),
  },
  {
    name: "user",
    summary: "makes the admin user that the metadata name, or adopts it",
    default: true,
    needs: "`useradd`, or busybox's `adduser`; homes below `/home`",
    programs: [
      "useradd",
      "usermod",
      "adduser",
      "addgroup",
      "chpasswd",
      "visudo",
    ],
    dispensable: false,
    wanted: ({ adminUsername }) => adminUsername !== undefined,
    load: () => import("./login/user_part.ts"),
  },
  {
    name: "ssh-keys",
    summary: "gives that user the SSH keys that the metadata hold",
    default: true,
    needs: "an SSH server that reads `~/.ssh/authorized_keys`",
    programs: ["restorecon"],
    dispensable: false,
    wanted: ({ adminUsername, publicKeys, disablePasswordAuthentication }) =>
      adminUsername !== undefined &&
      (publicKeys !== undefined || disablePasswordAuthentication === true),
    load: () => import("./login/ssh_keys_part.ts"),
  },
  {
    name: "userdata",
    summary: "writes the user data to a file for root, and never runs them",
    default: true,
    needs: "nothing",
    programs: [],
    dispensable: false,
    wanted: ({ userData }) => userData !== undefined,
    load: () => import("./user_data/user_data_part.ts"),
  },
  {
    name: "customdata",
    summary: "writes the custom data to a file for root, and never runs them",
    default: true,
    needs: "an optical drive, `mount`, and udf or iso9660 in the kernel",
    programs: [],
    dispensable: false,
    wanted: ({ customData }) => customData !== undefined,
    load: () => import("./user_data/custom_data_part.ts"),
  },
  {
    name: "telemetry",
    summary: "tells the host how it went, by Hyper-V's key-value pairs",
    default: true,
    needs: "`hv_kvp_daemon`, which makes `/var/lib/hyperv/.kvp_pool_1`",
    programs: [],
    dispensable: true,
    wanted: () => true,
    absent: () =>
      isThere("/var/lib/hyperv/.kvp_pool_1") ? undefined : "no hv_kvp_daemon",
    load: () => import("./telemetry/telemetry_part.ts"),
  },
];

/**
 * The names of all parts, the host name's included.
 *
 * @returns The names, in the order in which the parts run.
 */
export function partNames(): string[] {
  return [HOST_NAME_PART, ...PARTS].map(({ name }) => name);
}
