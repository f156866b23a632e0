import { checkTest, type Row } from "./_check_case.ts";
import type { ImageFile } from "./_inits.ts";

const NETWORK = "/etc/systemd/network";
const INTERFACES = "/etc/network/interfaces";
const network = (name: string, match: string, text: string): ImageFile => ({
  path: `${NETWORK}/${name}.network`,
  text: `[Match]\n${match}\n[Network]\n${text}\n`,
});

const ROWS: readonly Row[] = [
  { client: "systemd-networkd", change: "nothing" },
  {
    client: "systemd-networkd",
    change: "a static file that comes first",
    files: [network("10-static", "Type=ether", "Address=192.0.2.4/24")],
    fails: ["dhcp_enabled"],
  },
  {
    client: "systemd-networkd",
    change: "the names of another platform's cards",
    files: [network("eth0", "Name=en*", "DHCP=yes")],
    fails: ["dhcp_enabled"],
  },
  {
    client: "systemd-networkd",
    change: "a drop-in that turns DHCP on",
    files: [network("eth0", "Name=e*", "LinkLocalAddressing=no"), {
      path: `${NETWORK}/eth0.network.d/dhcp.conf`,
      text: "[Network]\nDHCP=yes\n",
    }],
  },
  { client: "dhclient", change: "nothing" },
  {
    client: "dhclient",
    change: "interfaces with nothing but a source",
    files: [{ path: INTERFACES, text: `source ${INTERFACES}.d/*\n` }],
    fails: ["dhcp_enabled"],
  },
  {
    client: "dhclient",
    change: "interfaces that are brought up by hand only",
    files: [{ path: INTERFACES, text: "iface eth0 inet dhcp\n" }],
    fails: ["dhcp_enabled"],
  },
];

for (const row of ROWS) checkTest(row);
