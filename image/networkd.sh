# Whether systemd-networkd, by its own files or those of netplan, asks for an address.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $idle_why if it does not: asks_* of dhcp_clients.sh.
asks_networkd() {
  ! netplan_asks || return 0
  networkd_says=$(print_networkd_files | awk -v cards="$cards" "$card_reader$networkd_reader")
  case $networkd_says in
  yes) return 0 ;;
  '') idle_why='none of its files is for the card of a VM and asks for DHCP' ;;
  *) idle_why="the first of its files that is for the card of a VM, ${networkd_says#no }, does not ask for DHCP" ;;
  esac
  idle_remedy="write $(quote "$root/etc/systemd/network/10-dhcp.network"): [Match] Name=eth*, [Network] DHCP=yes, [DHCPv4] \
RoutesToDNS=no; for several cards, see docs/network.md"
  return 1
}

# Prints its files in the order in which it tries them, and after each what adds to it.
print_networkd_files() {
  texts_left=$config_most
  network_names '*.network' | while IFS='	' read -r network_name network_path; do
    # One that is masked, or empty, is none.
    if ! tree_text "$network_path" || [ ! -s "$resolved" ]; then continue; fi
    print_files "$network_path"
    print_word=@+
    for network_folder in /usr/lib/systemd/network /lib/systemd/network /etc/systemd/network; do
      print_folder "$network_folder/$network_name.d" '*.conf'
    done
    print_word=@
  done
}

# The first file that is for the card is the only one that counts. Prints "yes", "no PATH" or nothing.
# shellcheck disable=SC2016
networkd_reader='
  function decide() {
    if (path == "" || !named || !fits || decided) return
    decided = 1
    print asks ? "yes" : "no " path
  }
  function begin(line) {
    decide()
    path = substr(line, 3)
    named = 0; fits = 1; asks = 0; section = ""
  }
  /^@ / { begin($0); next }
  /^@\+ / { section = ""; next }
  /^[ \t]*\[/ { section = $0; gsub(/[ \t\r]/, "", section); next }
  !assigns($0) { next }
  section == "[Match]" {
    if (value == "") next
    named = 1
    if (key == "Name" && !one_of(value, "")) fits = 0
    if (key == "Type" && !one_of(value, "ether")) fits = 0
    if (key == "Kind" && !one_of(value, "none")) fits = 0
    if (key == "Driver" && !one_of(value, "hv_netvsc")) fits = 0
    if (key == "Path" && !one_of(value, "acpi-VMBUS:01") && !one_of(value, "acpi-VMBUS:00-vmbus-1")) fits = 0
    if (key == "Virtualization" && !one_of(value, "microsoft") && !one_of(value, "vm") && !is_on(value)) fits = 0
    # The card of another machine.
    if (key ~ /^(Permanent)?MACAddress$/) fits = 0
    if (key ~ /^(SSID|BSSID|WLANInterfaceType)$/) fits = 0
  }
  section == "[Network]" && key == "DHCP" { asks = is_on(value) || tolower(value) ~ /^(ipv4|both|v4)$/ }
  section == "[Link]" && key == "Unmanaged" && is_on(value) { asks = 0 }
  section == "[Link]" && key == "ActivationPolicy" && value ~ /^(manual|down|always-down)$/ { asks = 0 }
  END { decide() }'

# Sets $dhcp_by to netplan's generator, if it has systemd start networkd: no link says so.
find_netplan_generator() {
  # shellcheck disable=SC2086
  printf '%s\n' $boot_inits | grep -qx systemd || return 0
  ! found /etc/systemd/system/systemd-networkd.service || [ "$(readlink "$real")" != /dev/null ] || return 0
  for netplan_generator in /usr/lib/systemd/system-generators/netplan /lib/systemd/system-generators/netplan; do
    tree_file "$netplan_generator" || continue
    if netplan_asks && ! netplan_is_for_another; then dhcp_by=$netplan_generator; fi
    return 0
  done
}

# Whether its files are for another program than networkd.
netplan_is_for_another() {
  texts_left=$config_most
  print_folder /etc/netplan '*.yaml' | grep -Eq '^[^#]*renderer["'\'']?:[[:space:]]*["'\'']?NetworkManager'
}

# Whether netplan's files have whoever reads them ask.
netplan_asks() {
  texts_left=$config_most
  [ "$(print_folder /etc/netplan '*.yaml' | awk -v cards="$cards" "$card_reader$netplan_reader")" = yes ]
}

# shellcheck disable=SC2016
netplan_reader='
  function decide() {
    if (asks && (matched == "" ? id == "" || is_card(id) : matched == "yes")) found = 1
    id = ""; asks = 0; matched = ""
  }
  function word(line) {
    sub(/^[^:]*:/, "", line)
    sub(/[ \t]#.*/, "", line)
    gsub(/["\047{}]/, "", line)
    return trimmed(line)
  }
  /^@ / || /^[ \t]*(#|$)/ { next }
  {
    match($0, /^ */)
    indent = RLENGTH
  }
  /^ *ethernets:/ { decide(); in_ethernets = 1; outer = indent; inner = -1; next }
  in_ethernets && indent <= outer { decide(); in_ethernets = 0 }
  /^ *(wifis|bridges|bonds|vlans|tunnels|modems):/ { decide(); in_others = 1; other = indent; next }
  in_others && indent <= other { in_others = 0 }
  in_others { next }
  in_ethernets && (inner < 0 || indent == inner) && /^ *[^ ]+:/ {
    decide()
    inner = indent
    id = $1
    sub(/:.*/, "", id)
    gsub(/["\047]/, "", id)
  }
  /[ {]match:/ { matched = "yes" }
  /[ {]name:/ && matched != "" { if (!is_card(word(substr($0, match($0, /name:/))))) matched = "no" }
  # The card of another machine.
  /[ {]macaddress:/ && matched != "" { matched = "no" }
  /[ {]driver:/ && matched != "" { if (!is_glob_of(word(substr($0, match($0, /driver:/))), "hv_netvsc")) matched = "no" }
  /[ {]dhcp4:[ \t]*(true|yes|on)/ { asks = 1 }
  END { decide(); if (found) print "yes" }'

whole=networkd
