# The DHCP clients that an image can have. A test compares them with lib/dhcp/clients.ts. Read before requirements.sh, leftovers.sh
# and the checks.
# shellcheck shell=sh disable=SC2034,SC2154

# name|programs or paths, one of which it is installed by|program that notifies it of a host name, if one can|units that start it|
# name in boot scripts, if they start it|function that says whether its configuration has it ask for an address, if any can
known_dhcp_clients='systemd-networkd|/usr/lib/systemd/systemd-networkd /lib/systemd/systemd-networkd|systemctl|systemd-networkd||asks_networkd
NetworkManager|NetworkManager|nmcli|NetworkManager||asks_network_manager
dhclient|dhclient|dhclient|dhclient|dhclient|
dhcpcd|dhcpcd|dhcpcd|dhcpcd|dhcpcd|asks_dhcpcd
udhcpc|udhcpc busybox|udhcpc|udhcpc|udhcpc|
connman|connmand||connman||asks_connman
wicked|wickedd||wicked||asks_ifcfg'

# What starts whichever client there is: name|units|function that says whether its configuration has one ask
known_network_scripts='ifupdown|networking ifup@eth0|asks_ifupdown
the network scripts|network|asks_ifcfg
netifrc|netifrc net.eth0|asks_netifrc'

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

# Sets $dhcp_by to what starts a client that asks for an address at boot: a link, a unit or a boot script. Without one, sets
# $dhcp_idle to why those that are started do not ask, $dhcp_remedy to what would have the first of them ask, and $dhcp_maybe to
# files that may start one in a way that is not known here.
find_dhcp_starter() {
  dhcp_by='' dhcp_idle='' dhcp_remedy='' dhcp_maybe='' dhcp_in_scripts=''
  survey_inits
  find_cards
  while IFS='|' read -r client_name client_programs _ client_units client_in_scripts client_asks; do
    dhcp_in_scripts=$dhcp_in_scripts${client_in_scripts:+|$client_in_scripts}
    has_one_of "$client_programs" || continue
    try_dhcp_starter "$client_name" "$client_units" "$client_asks"
  done <<EOF_CLIENTS
$known_dhcp_clients
EOF_CLIENTS
  dhcp_in_scripts=${dhcp_in_scripts#|}
  while IFS='|' read -r client_name client_units client_asks; do
    try_dhcp_starter "$client_name" "$client_units" "$client_asks"
  done <<EOF_SCRIPTS
$known_network_scripts
EOF_SCRIPTS
  [ -n "$dhcp_by" ] || ! has_one_of '/usr/lib/systemd/systemd-networkd /lib/systemd/systemd-networkd' || find_netplan_generator
  [ -z "$dhcp_by" ] || return 0
  find_dhcp_script
  [ -n "$dhcp_by" ] || {
    find_started_command "$dhcp_in_scripts"
    dhcp_by=$started_by
  }
  [ -n "$dhcp_by" ] || find_maybe_dhcp
}

# try_dhcp_starter NAME UNITS FUNCTION
try_dhcp_starter() {
  [ -z "$dhcp_by" ] || return 0
  # shellcheck disable=SC2086
  find_enabled_unit $2
  client_link=$enabled_by
  [ -n "$client_link" ] || return 0
  if [ -z "$3" ] || "$3"; then
    dhcp_by=$client_link
  else
    dhcp_idle="${dhcp_idle:+$dhcp_idle; }$1 is enabled, but $idle_why"
    dhcp_remedy=${dhcp_remedy:-$idle_remedy}
  fi
}

# Looks into the scripts that every boot runs.
find_dhcp_script() {
  find_network_files
  for dhcp_script in $network_files; do
    tree_text "$dhcp_script" || continue
    # systemd runs it only if it may be run.
    case $dhcp_script in */rc.local) [ -x "$resolved" ] || continue ;; esac
    if grep -Eq "^[^#]*($dhcp_in_scripts)" "$resolved"; then
      dhcp_by=$dhcp_script
    elif grep -Eq '^[^#]*(ifup|rc-service networking|init\.d/networking)' "$resolved"; then
      if asks_ifupdown; then
        dhcp_by=$dhcp_script
      else
        dhcp_idle="${dhcp_idle:+$dhcp_idle; }$dhcp_script runs ifup, but $idle_why"
        dhcp_remedy=${dhcp_remedy:-$idle_remedy}
      fi
    fi
    [ -z "$dhcp_by" ] || return 0
  done
}

# Services of other inits, and an initramfs that configures the network.
find_maybe_dhcp() {
  dhcp_maybe=$(
    maybe_in=$(for maybe_folder in /etc/init.d /etc/sv /etc/s6 /etc/s6-rc /service /etc/service /etc/finit.d /etc/dinit.d /etc/local.d \
      /etc/runit; do
      ! folder "$maybe_folder" || printf '%s ' ".${real#"$root"}"
    done)
    cd "${root:-/}" || exit 0
    {
      # Folders with plain names.
      # shellcheck disable=SC2086
      case $maybe_in in '' | *[!A-Za-z0-9/._\ -]*) ;; *)
        find $maybe_in -maxdepth 3 -type f ! -name skeleton -size -128 -exec grep -lE "^[^#]*($dhcp_in_scripts)([[:space:]]|\$)" {} +
        ;;
      esac
      for maybe_file in /etc/default/grub /etc/kernel/cmdline; do
        ! tree_text "$maybe_file" || ! grep -Eq '^[^#]*[ "]ip=(dhcp|on|any|eth0:dhcp|:)' "$resolved" || printf '.%s\n' "$maybe_file"
      done
    } 2>/dev/null | sed 's/^\.//' | grep -v '/networking$' | head -n 1
  )
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

whole=dhcp_clients
