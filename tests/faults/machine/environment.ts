import { DONE, type FaultCase, PROVISIONED } from "../_fault_case.ts";

const PROXY = "http://10.77.0.1:3128";
const PROXIES = ["http", "https", "ftp", "all", "socks"].flatMap((name) => [
  `${name}_proxy=${PROXY}`,
  `${name.toUpperCase()}_PROXY=${PROXY}`,
]).join(" ");

const modesAfter = (lines: readonly string[]) => ({
  script:
    "cd /; stat -c '%a %u %n' etc/hostname etc/hosts var/lib/azure-provisioning/provisioned.json",
  prints: lines.join(""),
});
const MODES = [
  "644 0 etc/hostname\n",
  "644 0 etc/hosts\n",
  "644 0 var/lib/azure-provisioning/provisioned.json\n",
];

/** Faults of the machine: environment. */
export const ENVIRONMENT_CASES: readonly FaultCase[] = [
  {
    name: "with an empty environment works",
    start: 'exec env -i "$0" provision',
    first: PROVISIONED,
    next: DONE,
  },
  {
    name: "with an odd locale, an odd time zone and no home works",
    slow: true,
    start:
      'exec env -u HOME TZ=:/no/such LANG=xx_YY LC_ALL=xx_YY.latin1 "$0" provision',
    first: PROVISIONED,
    next: DONE,
  },
  {
    name: "with proxies of all kinds uses none",
    slow: true,
    start: `exec env ${PROXIES} no_proxy= NO_PROXY= "$0" provision`,
    first: PROVISIONED,
    next: DONE,
  },
  {
    name: "with the umask 077 writes files that all may read",
    start: 'umask 077; exec "$0" provision',
    first: PROVISIONED,
    after: modesAfter(MODES),
    next: DONE,
  },
  {
    name: "with the umask 000 writes files that only root may write",
    slow: true,
    start: 'umask 000; exec "$0" provision',
    first: PROVISIONED,
    after: modesAfter(MODES),
    next: DONE,
  },
  {
    name: "keeps the owner and the mode of an /etc/hosts that is there",
    slow: true,
    prepare: "chown 12:34 /etc/hosts; chmod 660 /etc/hosts",
    first: PROVISIONED,
    after: {
      script: "stat -c '%a %u %g' /etc/hosts",
      prints: "660 12 34\n",
    },
    next: DONE,
  },
];
