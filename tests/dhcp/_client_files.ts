import type { Clues } from "../../lib/dns/clues.ts";

/** A machine on which no DHCP client has left anything. */
export const NO_CLUES: Clues = {
  networkdLeases: [],
  networkdUnit: "",
  networkManagerDevices: [],
  networkManagerFiles: [],
  runFiles: [],
  dhcpcdFiles: [],
  dhcpcdLeases: [],
  dhcpcdSettings: "",
  dhclientSettings: "",
  dhclientLeases: [],
};
