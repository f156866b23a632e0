# Whether daemons that ask for an address on every card have been told to leave that of a VM alone.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $idle_why if so: asks_* of dhcp_clients.sh.
asks_dhcpcd() {
  texts_left=$config_most
  if one_text /etc/dhcpcd.conf &&
    [ "$(awk -v cards="$cards" "$card_reader$dhcpcd_reader" "$resolved")" = no ]; then
    idle_why='/etc/dhcpcd.conf keeps it from asking for the card of a VM'
    idle_remedy='remove denyinterfaces, allowinterfaces, noipv4, nodhcp or static ip_address from /etc/dhcpcd.conf'
    return 1
  fi
  dhcpcd_missing=$(missing_for_dhcpcd | tr '\n' ' ')
  [ -n "$dhcpcd_missing" ] || return 0
  idle_why="dhcpcd.service cannot start without $dhcpcd_missing"
  idle_why=${idle_why% }
  idle_remedy="make what is missing: an empty file is enough for $root/etc/resolv.conf"
  return 1
}

# Prints what Debian's unit has to write to and the image lacks, a line each: systemd does not start it then.
missing_for_dhcpcd() {
  texts_left=$config_most
  ! print_folder /etc/systemd/system/dhcpcd.service.d '*.conf' | grep -q '^ReadWritePaths=' || return 0
  for dhcpcd_unit in /etc/systemd/system/dhcpcd.service /usr/lib/systemd/system/dhcpcd.service /lib/systemd/system/dhcpcd.service; do
    tree_text "$dhcpcd_unit" || continue
    # The unit has few; each may lead through many links.
    for dhcpcd_path in $(sed -n 's/^ReadWritePaths=//p' "$resolved" | tr ' ' '\n' | grep -x '/etc/[A-Za-z0-9._/-]*' |
      head -n 20); do
      tree_file "$dhcpcd_path" || tree_dir "$dhcpcd_path" || printf '%s\n' "$dhcpcd_path"
    done
    return 0
  done
}

# shellcheck disable=SC2016
dhcpcd_reader='
  function names(  i) {
    for (i = 2; i <= NF; i++) if (is_card($i)) return 1
    return 0
  }
  BEGIN { here = 1 }
  $1 ~ /^#/ { next }
  $1 == "denyinterfaces" && names() { denied = 1 }
  $1 == "allowinterfaces" { limited = 1; if (names()) allowed = 1 }
  $1 == "interface" { here = names() }
  $1 == "ssid" || $1 == "profile" { here = 0 }
  here && ($1 ~ /^(noipv4|nodhcp|nodhcp4|inform)$/ || $1 == "static" && $2 ~ /^ip_address=/) { denied = 1 }
  END { if (denied || limited && !allowed) print "no" }'

asks_connman() {
  tree_text /etc/connman/main.conf &&
    sed -n 's/^[[:space:]]*NetworkInterfaceBlacklist[[:space:]]*=//p' "$resolved" | tr -d '[:blank:]' | tr ',' '\n' |
    grep -Eq '^(e|et|eth|eth0)$' || return 0
  idle_why='/etc/connman/main.conf excludes eth0'
  idle_remedy='remove eth from NetworkInterfaceBlacklist'
  return 1
}

whole=dhcp_daemons
