# The DHCP clients that an image can have. A test compares them with lib/dhcp/clients.ts. Read before requirements.sh, leftovers.sh
# and the checks.
# shellcheck shell=sh disable=SC2034,SC2154

# name|programs or paths, one of which it is installed by|program that notifies it of a host name, if one can|units that start it|
# name in boot scripts, if they start it|function that says whether it asks for an address, if not always
known_dhcp_clients='systemd-networkd|/usr/lib/systemd/systemd-networkd /lib/systemd/systemd-networkd|systemctl|systemd-networkd||networkd_uses_dhcp
NetworkManager|NetworkManager|nmcli|NetworkManager||
dhclient|dhclient|dhclient|dhclient|dhclient|
dhcpcd|dhcpcd|dhcpcd|dhcpcd|dhcpcd|
udhcpc|udhcpc busybox|udhcpc|udhcpc|udhcpc|
connman|connmand||connman||
wicked|wickedd||wicked||'

# Packages that have one, for remedies.
dhcp_client_packages='"apt-get install dhcpcd-base", "dnf install NetworkManager"'

# Leases, and what a client identifies its machine by: name|folder|patterns. The rest of connman's folder is configuration.
known_leases='systemd-networkd|/var/lib/systemd/network|*
systemd-networkd|/run/systemd/netif/leases|*
NetworkManager|/var/lib/NetworkManager|*.lease dhclient*.conf secret_key timestamps
dhclient|/var/lib/dhcp|dhclient*
dhclient|/var/lib/dhcp3|dhclient*
dhclient|/var/lib/dhclient|*.lease*
dhclient|/var/db|dhclient*
dhclient|/run|dhclient*.lease*
dhcpcd|/var/lib/dhcpcd|*.lease *.lease6 duid secret rdm_monotonic dhcpcd-*.info
dhcpcd|/var/lib/dhcpcd5|*.lease *.lease6 duid secret rdm_monotonic dhcpcd-*.info
dhcpcd|/var/db/dhcpcd|*.lease *.lease6 duid secret rdm_monotonic dhcpcd-*.info
dhcpcd|/var/lib|dhcpcd-*.lease dhcpcd-*.lease6
dhcpcd|/etc|dhcpcd.duid dhcpcd.secret
udhcpc|/var/lib/udhcpc|*
udhcpc|/run|udhcpc*.lease*
connman|/var/lib/connman|ethernet_* wifi_*
wicked|/var/lib/wicked|lease*.xml lease*.json duid.xml iaid.xml
wicked|/run/wicked/leases|*'

# Prints the names of the clients, for messages.
names_of_dhcp_clients() {
  printf '%s\n' "$known_dhcp_clients" | joined_names
}

# Likewise, but of those that can be notified of a host name.
names_of_notifiable_dhcp_clients() {
  printf '%s\n' "$known_dhcp_clients" | grep -v '^[^|]*|[^|]*||' | joined_names
}

joined_names() {
  sed -e 's/|.*//' -e '$!s/$/,/' | tr '\n' ' ' | sed 's/ $//'
}

# Prints the names of the clients that the tree has, a line each.
installed_dhcp_clients() {
  while IFS='|' read -r client_name client_programs _; do
    ! has_one_of "$client_programs" || printf '%s\n' "$client_name"
  done <<EOF_CLIENTS
$known_dhcp_clients
EOF_CLIENTS
}

# Prints the names of the clients that the tree has together with the program that notifies them, a line each.
notifiable_dhcp_clients() {
  while IFS='|' read -r client_name client_programs client_notifier _; do
    [ -z "$client_notifier" ] || ! tree_program "$client_notifier" || ! has_one_of "$client_programs" ||
      printf '%s\n' "$client_name"
  done <<EOF_CLIENTS
$known_dhcp_clients
EOF_CLIENTS
}

# Whether the tree has one of some programs or paths: has_one_of WORDS.
has_one_of() {
  for one_of in $1; do
    case $one_of in
    /*) ! tree_file "$one_of" || return 0 ;;
    *) ! tree_program "$one_of" || return 0 ;;
    esac
  done
  return 1
}

# Sets $dhcp_by to what starts a client that asks for an address at boot: a link or a boot script. Sets $dhcp_idle to a client
# that is started and asks for none, and $dhcp_remedy to what would have it ask.
find_dhcp_starter() {
  dhcp_by='' dhcp_idle='' dhcp_in_scripts=ifup
  while IFS='|' read -r client_name _ _ client_units client_in_scripts client_asks; do
    dhcp_in_scripts=$dhcp_in_scripts${client_in_scripts:+|$client_in_scripts}
    # shellcheck disable=SC2086
    client_link=$(enabled_units $client_units | head -n 1)
    [ -n "$client_link" ] || continue
    if [ -z "$client_asks" ] || "$client_asks"; then
      dhcp_by=${dhcp_by:-$client_link}
    else
      dhcp_idle=$client_name
    fi
  done <<EOF_CLIENTS
$known_dhcp_clients
EOF_CLIENTS
  # Those of ifupdown, Red Hat's old scripts and Gentoo's start whichever client there is.
  [ -n "$dhcp_by" ] || dhcp_by=$(enabled_units networking network netifrc ifup@eth0 | head -n 1)
  [ -z "$dhcp_by" ] || return 0
  for dhcp_script in $(network_files); do
    ! tree_text "$dhcp_script" || ! grep -Eq "^[^#]*($dhcp_in_scripts)" "$resolved" || {
      dhcp_by=$dhcp_script
      return 0
    }
  done
}

networkd_uses_dhcp() {
  for networkd_folder in /etc/systemd/network /usr/lib/systemd/network /lib/systemd/network /etc/netplan; do
    while IFS= read -r networkd_file; do
      case $networkd_file in
      # Those are for containers, and no interface of a VM.
      80-container-* | 80-namespace-* | 80-vm-* | 80-wifi-* | 89-ethernet*.example) continue ;;
      esac
      tree_text "$networkd_folder/$networkd_file" || continue
      grep -Eiq '^[[:space:]]*(DHCP=(yes|true|ipv4|both)|dhcp4:[[:space:]]*(true|yes))' "$resolved" || continue
      # It asks, but for another machine's card.
      networkd_kind=networkd
      case $networkd_file in *.yaml) networkd_kind=netplan ;; esac
      is_bound "$networkd_kind" "$networkd_folder/$networkd_file" ||
        names_foreign_cards "$networkd_kind" "$networkd_folder/$networkd_file" || return 0
    done <<EOF
$(names_in "$networkd_folder" '*.network')
$(names_in "$networkd_folder" '*.yaml')
EOF
  done
  dhcp_remedy="write $(quote "$root/etc/systemd/network/80-dhcp.network"): [Match] Name=eth*, [Network] DHCP=yes, [DHCPv4] RoutesToDNS=no; for several cards, see docs/network.md"
  return 1
}

# Plans the removal of what the clients leave. Needs plan_files of leftovers.sh, and patterns turned on.
plan_dhcp_leases() {
  while IFS='|' read -r _ lease_folder lease_patterns; do
    # On a machine that runs, the clients still need what is in /run, and it is not part of what is captured.
    case $lease_folder in /run | /run/*) [ -n "$root" ] || continue ;; esac
    set -f
    # shellcheck disable=SC2086
    set -- $lease_patterns
    set +f
    plan_files 'a lease or identity of a DHCP client' "$lease_folder" "$@"
  done <<EOF_LEASES
$known_leases
EOF_LEASES
}
