# Checks the image's resolv.conf: a tool that builds images may leave that of the machine that it ran on.
# shellcheck shell=sh disable=SC2034,SC2154

check_resolver() {
  if has_link /etc/resolv.conf; then
    # It leads to what a service of the image writes at boot, or nowhere until then.
    ok "$root/etc/resolv.conf is a link to what is written at boot"
    resolve /etc/resolv.conf || return 0
    case ${resolved#"$root"} in /run/* | /var/run/* | /usr/lib/systemd/resolv.conf | /lib/systemd/resolv.conf) return 0 ;; esac
  fi
  if ! tree_text /etc/resolv.conf; then
    ok "$root/etc/resolv.conf is left to what configures the network"
    return 0
  fi
  resolver_file=$resolved
  resolver_servers=$(sed -n 's/^[[:space:]]*nameserver[[:space:]]\{1,\}\([0-9A-Fa-f.:%a-z]*\).*/\1/p' "$resolver_file" | tr '\n' ' ')
  resolver_foreign=''
  for resolver_server in $resolver_servers; do
    case $resolver_server in
    # Azure's own, and what a service of the image listens on.
    168.63.129.16) ;;
    127.0.0.53 | 127.0.0.54) has_started systemd-resolved || resolver_foreign="$resolver_foreign $resolver_server" ;;
    127.* | ::1) has_started dnsmasq unbound named bind9 dnscrypt-proxy stubby pdns-recursor NetworkManager ||
      resolver_foreign="$resolver_foreign $resolver_server" ;;
    *) resolver_foreign="$resolver_foreign $resolver_server" ;;
    esac
  done
  if [ -z "$resolver_foreign" ]; then
    ok "$resolver_file names no server of another machine"
  elif resolver_by=$(resolver_writer); then
    ok "$resolver_file is replaced at boot by $resolver_by"
  else
    warning "$resolver_file names${resolver_foreign}, and nothing in the image replaces it: a VM may find no other machine by name" \
      "name Azure's server: echo nameserver 168.63.129.16 >$(quote "$resolver_file")"
  fi
}

# Whether one of some services is started at boot.
has_started() {
  [ -n "$(enabled_units "$@")" ]
}

# Prints what writes the file, although it is a regular one; systemd-networkd and systemd-resolved never do.
resolver_writer() {
  if has_started NetworkManager && ! grep_tree '^[[:space:]]*(dns|rc-manager)[[:space:]]*=[[:space:]]*(none|unmanaged|systemd-resolved)' \
    /etc/NetworkManager/NetworkManager.conf; then
    echo NetworkManager
  elif has_started connman; then
    echo connman
  elif has_started wicked; then
    echo wicked
  elif has_started dhcpcd && ! grep_tree '^[[:space:]]*nohook.*resolv\.conf' /etc/dhcpcd.conf; then
    echo dhcpcd
  elif has_started networking network netifrc net.eth0 dhclient udhcpc || runs_dhcp_client; then
    for resolver_client in dhclient dhcpcd udhcpc busybox; do
      tree_program "$resolver_client" || continue
      echo "$resolver_client"
      return 0
    done
    return 1
  else
    return 1
  fi
}

# Whether something of the image's own starts a client; $dhcp_by is of find_dhcp_starter.
runs_dhcp_client() {
  case ${dhcp_by:-} in '' | */systemd-networkd.*) find_started_command 'dhclient|dhcpcd|udhcpc' && [ -n "$started_by" ] ;; esac
}

# Whether a line of a file of the tree matches: grep_tree PATTERN PATH
grep_tree() {
  tree_text "$2" && grep -Eiq "$1" "$resolved"
}

whole=resolver
