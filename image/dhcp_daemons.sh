# Whether daemons that ask for an address on every card have been told to leave that of a VM alone.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $idle_why if so: asks_* of dhcp_clients.sh.
asks_dhcpcd() {
  tree_text /etc/dhcpcd.conf || return 0
  [ "$(awk -v cards="$cards" "$card_reader$dhcpcd_reader" "$resolved")" = no ] || return 0
  idle_why='/etc/dhcpcd.conf keeps it from asking for the card of a VM'
  idle_remedy='remove denyinterfaces, allowinterfaces, noipv4, nodhcp or static ip_address from /etc/dhcpcd.conf'
  return 1
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
