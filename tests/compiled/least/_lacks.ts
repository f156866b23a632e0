import { ORDINARY_FOLDERS } from "./_folders.ts";
import { SIMULATE, TRY_OUT, withOnly, withOnlyGrep } from "./_scripts.ts";

/** What happens in a first boot without a permission. */
export interface Lack {
  /** The missing permission: a flag, or one value of its list. */
  readonly without: string;
  /** The exit status. */
  readonly code: number;
  /** What standard error says then, and not otherwise. */
  readonly says: RegExp;
  /** The script to run instead of a first boot, if the permission is for that. */
  readonly script?: string;
  /** Whether it is tried only if all tests are run. */
  readonly slow?: boolean;
}

const REFUSED_CONNECTION =
  "The program was compiled without the permission to connect there";
const REFUSED_PATH =
  "the program was compiled without the permission for this path";
const STATE = "/var/lib/azure-provisioning";

/** Each permission, and what fails without it. */
export const LACKS: readonly Lack[] = [
  {
    without: "168.63.129.16:80",
    code: 77,
    says: new RegExp(
      `Error: Cannot get the goal state .*: ${REFUSED_CONNECTION}`,
    ),
  },
  {
    without: "169.254.169.254:80",
    code: 0,
    says: new RegExp(`Warning: .*metadata.*: ${REFUSED_CONNECTION}`),
  },
  {
    without: "127.0.0.1",
    code: 77,
    says: new RegExp(REFUSED_CONNECTION),
    script: TRY_OUT,
  },
  {
    without: "168.63.129.16:32526",
    code: 77,
    says: /compiled without the permission to listen there/,
    script: SIMULATE,
  },
  {
    without: "--allow-read",
    code: 78,
    says: new RegExp(`Cannot use the configuration file .*: ${REFUSED_PATH}`),
  },
  {
    without: STATE,
    code: 0,
    says: new RegExp(`Cannot write the mark .*: ${REFUSED_PATH}`),
  },
  ...["/etc/hostname", "/etc/.hostname.azure-provisioning"].map((path) => ({
    without: path,
    code: 0,
    says: new RegExp(`cannot write "/etc/hostname": ${REFUSED_PATH}`),
  })),
  ...["/etc/hosts", "/etc/.hosts.azure-provisioning"].map((path) => ({
    without: path,
    code: 0,
    says: new RegExp(
      `Cannot add the host name to "/etc/hosts": ${REFUSED_PATH}`,
    ),
  })),
  {
    without: "/var/lib/hyperv/.kvp_pool_1",
    code: 0,
    says: new RegExp(`Warning: Cannot write the telemetry .*: ${REFUSED_PATH}`),
    script: "mkdir /var/lib/hyperv; >/var/lib/hyperv/.kvp_pool_1; program",
  },
  {
    without: "/run/azure-provisioning/ovf-env.xml",
    code: 0,
    says: new RegExp(
      `Warning: Cannot remove the copy of what the provisioning media say, .*: ${REFUSED_PATH}`,
    ),
    script:
      "mkdir /run/azure-provisioning; >/run/azure-provisioning/ovf-env.xml; program",
  },
  {
    without: "/run/azure-provisioning/media-unwanted",
    code: 0,
    says: new RegExp(
      `Warning: Cannot write "/run/azure-provisioning/media-unwanted": ${REFUSED_PATH}`,
    ),
    script: "mkdir /run/azure-provisioning; program",
  },
  {
    without: "/run/azure-provisioning/began",
    code: 0,
    says: new RegExp(
      `Warning: Cannot write "/run/azure-provisioning/began": ${REFUSED_PATH}`,
    ),
    script: "mkdir /run/azure-provisioning; JOURNAL_STREAM=1:1 program",
  },
  ...ORDINARY_FOLDERS.flatMap((folder) =>
    ["hostnamectl", "hostname"].map((program): Lack => ({
      without: `${folder}/${program}`,
      code: 0,
      says: new RegExp(
        `Warning: .*${folder}/${program}: the program was compiled without the permission to run it`,
      ),
      script: withOnly(`${folder}/${program}`),
      slow: folder !== "/usr/bin",
    }))
  ),
  ...ORDINARY_FOLDERS.map((folder): Lack => ({
    without: `${folder}/grep`,
    code: 69,
    says: /^Error: Cannot get the goal state/m,
    script: withOnlyGrep(`${folder}/grep`),
    slow: folder !== "/usr/bin",
  })),
  {
    without: "hostname",
    code: 0,
    says:
      /Warning: .*Requires sys access to "hostname".*; the VM keeps the name/,
  },
  {
    without: "--allow-env=JOURNAL_STREAM",
    code: 0,
    says: /^Retrieving goal state/m,
    script: "export JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2); program",
  },
];
