# Whether the scripts of distributions have a DHCP client ask for an address: ifupdown, Red Hat's and SUSE's, and Gentoo's. None
# of them is a client itself.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $idle_why if it does not: asks_* of dhcp_clients.sh.
asks_ifupdown() {
  idle_remedy="write $(quote "$root/etc/network/interfaces"): auto eth0, iface eth0 inet dhcp"
  tree_program ifup || {
    idle_why='ifup is not installed'
    return 1
  }
  ifupdown_says=$(print_interfaces /etc/network/interfaces | awk -v cards="$cards" "$card_reader$interfaces_reader")
  case $ifupdown_says in
  dhcp) has_script_client ifupdown ;;
  # It is told how to start a client.
  own) return 0 ;;
  *)
    idle_why="${ifupdown_says:-/etc/network/interfaces has nothing that brings up the card of a VM}"
    return 1
    ;;
  esac
}

# Whether the image has a client that such scripts start.
has_script_client() {
  for script_client in dhclient dhcpcd udhcpc pump; do
    ! tree_program "$script_client" || return 0
  done
  ! tree_program busybox || return 0
  idle_why="there is no dhclient, dhcpcd or udhcpc for $1"
  idle_remedy="install one: $dhcp_client_packages"
  return 1
}

# Prints a file and those that it includes, each after a line that ends what the one before has begun; a line that goes on is
# printed as one.
print_interfaces() {
  texts_left=$config_most interfaces_left=$1$newline interfaces_seen=$newline interfaces_count=0
  while [ -n "$interfaces_left" ] && [ "$interfaces_count" -lt "$interfaces_most" ]; do
    interfaces_file=${interfaces_left%%"$newline"*}
    interfaces_left=${interfaces_left#*"$newline"}
    case $interfaces_seen in *"$newline$interfaces_file$newline"*) continue ;; esac
    interfaces_seen=$interfaces_seen$interfaces_file$newline interfaces_count=$((interfaces_count + 1))
    one_text "$interfaces_file" || continue
    interfaces_text=$(awk '/\\$/ { sub(/\\$/, " "); printf "%s", $0; next } { print }' "$resolved")
    printf 'source\n%s\n' "$interfaces_text"
    while read -r interfaces_word interfaces_rest; do
      add_interfaces "$interfaces_word" "$interfaces_rest"
    done <<EOF
$(printf '%s\n' "$interfaces_text" | grep -E '^[[:blank:]]*source(-directory)?[[:blank:]]' | head -n "$interfaces_most")
EOF
  done
}

# No image has more files of it, or more lines that include some.
interfaces_most=200

# Adds the files that a line of $interfaces_file includes: add_interfaces WORD PATTERN
add_interfaces() {
  interfaces_among=$2
  case $interfaces_among in /*) ;; *) interfaces_among=${interfaces_file%/*}/$interfaces_among ;; esac
  if [ "$1" = source-directory ]; then interfaces_among=$interfaces_among/'*[A-Za-z0-9_-]'; fi
  # A shell can take for ever to match a long name with many stars.
  case $interfaces_among in *[[:blank:]]* | *'*'*'*'*'*'*) return 0 ;; esac
  find_names "${interfaces_among%/*}" "${interfaces_among##*/}"
  while IFS= read -r interfaces_name && [ "${#interfaces_left}" -lt 10000 ]; do
    [ -z "$interfaces_name" ] || interfaces_left=$interfaces_left${interfaces_among%/*}/$interfaces_name$newline
  done <<EOF
$names
EOF
}

# Prints "dhcp", "own", or why it does not ask.
# shellcheck disable=SC2016
interfaces_reader='
  { sub(/\r$/, "") }
  $1 ~ /^#/ || NF == 0 { next }
  $1 == "auto" || $1 == "allow-auto" || $1 == "allow-hotplug" {
    for (i = 2; i <= NF; i++) {
      name = $i
      sub(/=.*/, "", name)
      sub(/^\//, "", name)
      if (name != "lo" && is_card(name)) up = 1
      logical = $i
      if (sub(/^.*=/, "", logical) && is_card(name)) also[logical] = 1
    }
    current = ""
    next
  }
  $1 == "iface" {
    current = ""
    if ($3 != "inet" && $3 != "") next
    if (!(is_card($2) || $2 in also)) next
    current = $2
    if ($4 == "dhcp") asks = 1
    else method = $4
    next
  }
  $1 == "mapping" || $1 == "source" || $1 == "source-directory" { current = "" ; next }
  current != "" && $1 ~ /^(pre-up|up|post-up)$/ && /(udhcpc|dhclient|dhcpcd)/ { own = 1 }
  END {
    if (!asks && !own && method != "") print "/etc/network/interfaces has a \"" method "\" card of a VM, and not a \"dhcp\" one"
    else if (asks || own) print up ? (asks ? "dhcp" : "own") : "/etc/network/interfaces has no \"auto\" or \"allow-hotplug\" for the card of a VM"
  }'

# Red Hat's and SUSE's files.
asks_ifcfg() {
  texts_left=$config_most
  for ifcfg_folder in /etc/sysconfig/network-scripts /etc/sysconfig/network; do
    find_names "$ifcfg_folder" 'ifcfg-*'
    while IFS= read -r ifcfg_file; do
      [ -n "$ifcfg_file" ] || continue
      one_text "$ifcfg_folder/$ifcfg_file" || continue
      [ "$(awk -v cards="$cards" -v name="${ifcfg_file#ifcfg-}" "$card_reader$ifcfg_reader" "$resolved")" = yes ] || continue
      return 0
    done <<EOF
$names
EOF
  done
  idle_why='no file ifcfg-* has the card of a VM ask for DHCP at boot'
  idle_remedy='write ifcfg-eth0: DEVICE=eth0, ONBOOT=yes (on SUSE STARTMODE=auto), BOOTPROTO=dhcp'
  return 1
}

# shellcheck disable=SC2016
ifcfg_reader='
  BEGIN { starts = 1 }
  !assigns($0) { next }
  { gsub(/["\047]/, "", value) }
  key == "DEVICE" { name = value }
  key == "BOOTPROTO" { asks = tolower(value) ~ /^(dhcp4?|both|bootp)(\+.*)?$/ }
  key == "ONBOOT" { starts = is_on(value) }
  # The card of another machine.
  key ~ /^(HWADDR|LLADDR)$/ && value != "" { bound = 1 }
  key == "STARTMODE" { starts = tolower(value) ~ /^(auto|onboot|boot|hotplug|on|nfsroot|ifplugd)$/ }
  END { if (name != "lo" && is_card(name) && asks && starts && !bound) print "yes" }'

# Gentoo's asks by DHCP unless it is told otherwise.
asks_netifrc() {
  if tree_text /etc/conf.d/net && grep -E '^[[:space:]]*config_eth0=' "$resolved" | grep -qv dhcp; then
    idle_why='/etc/conf.d/net has no dhcp for eth0'
    idle_remedy='set config_eth0="dhcp" in /etc/conf.d/net'
    return 1
  fi
  has_script_client netifrc
}

whole=ifupdown
