# Whether NetworkManager asks for an address. By itself it does so on every card that it manages and has no profile for.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $idle_why if it does not: asks_* of dhcp_clients.sh.
asks_network_manager() {
  texts_left=$config_most
  idle_why=$({
    manager_folder=/usr/lib/NetworkManager/conf.d
    # A file in /etc takes the place of one of its name.
    names_in "$manager_folder" '*.conf' | while IFS= read -r manager_file; do
      found "/etc/NetworkManager/conf.d/$manager_file" || print_files "$manager_folder/$manager_file"
    done
    print_files /etc/NetworkManager/NetworkManager.conf
    print_folder /etc/NetworkManager/conf.d '*.conf'
    print_word=@profile
    for manager_folder in /etc/NetworkManager/system-connections /usr/lib/NetworkManager/system-connections; do
      print_folder "$manager_folder" '*'
    done
    ! one_text /etc/network/interfaces || { echo '@interfaces' && sed 's/^@/#/' <"$resolved"; }
  } | awk -v cards="$cards" "$card_reader$network_manager_reader")
  [ -n "$idle_why" ] || return 0
  ! netplan_asks || return 0
  manager_why=$idle_why
  ! asks_ifcfg || return 0
  idle_why=$manager_why
  idle_remedy='have it manage ethernet cards, with a profile that has method=auto, or without any'
  return 1
}

# Prints nothing if it asks, or else why not.
# shellcheck disable=SC2016
network_manager_reader='
  function is_in(list,  i, n, words, word, except, hit, plain) {
    n = split(list, words, /[ \t]*[,;][ \t]*/)
    hit = plain = 0
    for (i = 1; i <= n; i++) {
      word = words[i]
      if (word == "") continue
      except = sub(/^except:/, "", word)
      if (!except) plain = 1
      if (!is_spec(word)) continue
      if (except) return 0
      hit = 1
    }
    return hit || !plain && n > 0
  }
  function is_spec(word) {
    if (word == "*") return 1
    if (sub(/^type:/, "", word)) return word == "ethernet"
    if (sub(/^driver:/, "", word)) return is_glob_of(word, "hv_netvsc")
    sub(/^interface-name:[~=]?/, "", word)
    return is_card(word)
  }
  function end_profile() {
    if (profile == "") return
    if (type ~ /^(ethernet|802-3-ethernet)$/ && connects && (card == "" || is_card(card))) {
      if (method == "auto") asked = 1
      else other = profile
    }
    profile = ""
  }
  function end_device() {
    if (section ~ /^\[device/ && device_off && (device == "" || is_in(device))) off = path
    device = ""; device_off = 0
  }
  /^@profile / {
    end_profile(); end_device()
    section = ""
    profile = substr($0, 10); type = ""; card = ""; connects = 1; method = ""
    next
  }
  /^@interfaces$/ { end_profile(); end_device(); section = ""; in_interfaces = 1; next }
  /^@ / { end_device(); section = ""; path = substr($0, 3); next }
  in_interfaces { if ($1 == "iface" && is_card($2)) in_file = 1; next }
  /^[ \t]*\[/ { end_device(); section = $0; gsub(/[ \t\r]/, "", section); next }
  !assigns($0) { next }
  profile != "" {
    if (section == "[connection]" && key == "type") type = value
    if (section == "[connection]" && key == "interface-name") card = value
    if (section == "[connection]" && key == "autoconnect" && is_off(value)) connects = 0
    # The card of another machine.
    if (section ~ /^\[(802-3-)?ethernet\]$/ && key == "mac-address" && value != "") connects = 0
    if (section == "[ipv4]" && key == "method") method = value
    next
  }
  key == "no-auto-default" { no_default = value; no_default_path = path }
  key == "unmanaged-devices" { unmanaged = value; unmanaged_path = path }
  key == "unmanaged-devices+" { unmanaged = unmanaged "," value; unmanaged_path = path }
  section == "[ifupdown]" && key == "managed" { managed = is_on(value) }
  section ~ /^\[device/ && key == "match-device" { device = value }
  section ~ /^\[device/ && key == "managed" { device_off = is_off(value) }
  END {
    end_profile(); end_device()
    if (unmanaged != "" && is_in(unmanaged)) print unmanaged_path " has it leave the card of a VM alone"
    else if (off != "") print off " has it leave the card of a VM alone"
    else if (in_file && !managed) print "/etc/network/interfaces has the card of a VM, which it leaves to ifupdown"
    else if (asked) exit
    else if (other != "") print "its profile " other " does not ask for DHCP"
    else if (no_default != "" && (no_default ~ /^(yes|true|on|1)$/ || is_in(no_default)))
      print no_default_path " keeps it from using a card that has no profile"
  }'

whole='nm'
