import type { Clues } from "../../lib/dhcp/client_files.ts";

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
