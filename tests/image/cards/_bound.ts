import { MAC } from "./_cards.ts";

/** Files that are bound to a MAC address, and how that is printed if it is not {@linkcode MAC}. */
export const BOUND:
  readonly (readonly [path: string, text: string, mac?: string])[] = [
    [
      "/etc/systemd/network/a.network",
      `[Match]\nMACAddress=${MAC}\n[Network]\nDHCP=yes\n`,
    ],
    [
      "/etc/systemd/network/b.network",
      `[Match]\nPermanentMACAddress = 00:11:22:33:44:55 ${MAC}\r\n`,
      "00:11:22:33:44:55",
    ],
    [
      "/etc/systemd/network/c.link",
      `# card\n[Match]\nMACAddress=52-54-00-AB-CD-EF\n[Link]\nName=lan0\n`,
      "52-54-00-ab-cd-ef",
    ],
    [
      "/etc/systemd/network/d.netdev",
      `[NetDev]\nName=br0\nKind=bridge\nMACAddress=5254.0012.3456\n`,
      "5254.0012.3456",
    ],
    [
      "/etc/systemd/network/e.network.d/10-mac.conf",
      `[Match]\nMACAddress=\\\n  ${MAC}\n`,
    ],
    [
      "/etc/systemd/network/f.network",
      `[Match]\nName=enx525400123456\n`,
      "525400123456",
    ],
    ["/usr/lib/systemd/network/g.network", `[Link]\nMACAddress=${MAC}\n`],
    [
      "/usr/local/lib/systemd/network/h.link.d/x.conf",
      `[Match]\nMACAddress=${MAC}\n`,
    ],
    ["/run/systemd/network/i.link", `[Match]\nMACAddress=${MAC}\n`],
    [
      "/etc/NetworkManager/system-connections/Wired 1.nmconnection",
      `[connection]\nid=x\n[ethernet]\nmac-address=52:54:00:AB:CD:EF\n`,
      "52:54:00:ab:cd:ef",
    ],
    [
      "/etc/NetworkManager/system-connections/old",
      `[802-3-ethernet]\ncloned-mac-address=${MAC}\n`,
    ],
    [
      "/etc/NetworkManager/conf.d/x.conf",
      `[keyfile]\nunmanaged-devices=*,except:mac:${MAC}\n`,
    ],
    [
      "/etc/NetworkManager/NetworkManager.conf",
      `[device-x]\nmatch-device=mac:${MAC}\n`,
    ],
    [
      "/etc/netplan/01.yaml",
      `network:\n  ethernets:\n    lan:\n      match:\n        macaddress: "${MAC}"\n`,
    ],
    [
      "/etc/netplan/02.yaml",
      `network: {ethernets: {a: {match: {'macaddress': ${MAC}}}}}\n`,
    ],
    ["/etc/netplan/03.yml", `      macaddress:\n        '${MAC}'\n`],
    [
      "/etc/sysconfig/network-scripts/ifcfg-eth0",
      `DEVICE=eth0\nHWADDR="${MAC}"\n`,
    ],
    ["/etc/sysconfig/network-scripts/ifcfg-eth1", `MACADDR='${MAC}'\n`],
    ["/etc/sysconfig/network/ifcfg-eth0", `LLADDR=${MAC}\n`],
    [
      "/etc/wicked/ifconfig/eth0.xml",
      `<interface>\n<match><hwaddr>${MAC}</hwaddr></match>\n</interface>\n`,
    ],
    [
      "/etc/network/interfaces",
      `auto eth0\niface eth0 inet dhcp\n\thwaddress ether ${MAC}\n`,
    ],
    [
      "/etc/network/interfaces.d/x",
      `iface eth0 inet dhcp\n  pre-up ip link set eth0 address ${MAC}\n`,
    ],
    ["/etc/network/interfaces.d/y", `auto mac/${MAC}=eth0\n`],
    ["/etc/mactab", `lan0 ${MAC}\n`],
    ["/etc/iftab", `eth0 mac ${MAC} arp 1\n`],
    ["/etc/conf.d/net", `config_eth0="dhcp"\nmac_eth0="${MAC}"\n`],
    ["/var/lib/connman/x.config", `[service_x]\nType=ethernet\nMAC=${MAC}\n`],
    [
      "/etc/udev/rules.d/10-my.rules",
      `SUBSYSTEM=="net", ATTR{address}=="${MAC}", NAME="lan0"\n`,
    ],
    [
      "/usr/lib/udev/rules.d/11-my.rules",
      `SUBSYSTEM=="net", \\\n  ATTRS{address}=="${MAC}|00:11:22:33:44:55", NAME="lan0"\n`,
    ],
    ["/etc/default/grub", `GRUB_CMDLINE_LINUX="quiet ifname=eth0:${MAC}"\n`],
    [
      "/etc/default/grub.d/50.cfg",
      `GRUB_CMDLINE_LINUX="BOOTIF=01-52-54-00-12-34-56"\n`,
      "52-54-00-12-34-56",
    ],
    ["/etc/kernel/cmdline", `ifname=eth0:${MAC} root=/dev/sda1\n`],
    ["/boot/grub/grub.cfg", `\tlinux /vmlinuz root=x ifname=eth0:${MAC}\n`],
    ["/boot/loader/entries/a.conf", `options quiet ifname=eth0:${MAC}\n`],
    ["/etc/dracut.conf.d/a.conf", `kernel_cmdline+=" ifname=eth0:${MAC} "\n`],
    ["/etc/cmdline.d/a.conf", `ip=eth0:dhcp:1500:${MAC}\n`],
  ];
