# Finds configuration for cards by names that they do not have on Azure. There they are eth0, eth1 and so on; what systemd or a
# BIOS calls enp0s3, ens33 or em1 is another machine's card, or on Azure a virtual function, which is not to be configured.
# shellcheck shell=sh disable=SC2034,SC2154

# kind|folders|patterns
known_name_files='networkd|/etc/systemd/network /usr/local/lib/systemd/network /usr/lib/systemd/network /lib/systemd/network|*.network
NetworkManager|/etc/NetworkManager/system-connections /usr/lib/NetworkManager/system-connections|*
netplan|/etc/netplan|*.yaml *.yml
ifcfg|/etc/sysconfig/network-scripts /etc/sysconfig/network|ifcfg-*
ifupdown|/etc/network|interfaces interfaces.d/*'

# Prints the words that name cards in a file, a line each; "!" first if they name those that it is not for. Only files that ask
# for an address by DHCP count.
# shellcheck disable=SC2016
names_program='
  function name(word) {
    gsub(/["\047,]/, "", word)
    if (word ~ /^!?[]a-zA-Z0-9*?._[-]+$/ && length(word) < 17 && count < 100) names[++count] = word
  }
  function each(text,  words, size, i) {
    size = split(text, words, /[ \t;]+/)
    for (i = 1; i <= size && i < 100; i++) name(words[i])
  }
  # A card is matched by its name, or by what stands in "match".
  function end_card() {
    if (card != "" && matched && held == "") free = 1
    else if (card != "") name(held)
    card = ""
  }
  length($0) > 4096 { next }
  { sub(/\r$/, "") }
  /^[ \t]*[#;]/ { next }
  kind == "networkd" || kind == "NetworkManager" {
    if (/^[ \t]*\[/) { section = tolower($0); next }
    at = index($0, "=")
    key = tolower(substr($0, 1, at - 1))
    gsub(/[ \t]/, "", key)
    value = substr($0, at + 1)
    if (section ~ /\[match\]/ && key == "name") each(value)
    if (section ~ /\[match\]/ && key == "interface-name") each(value)
    if (section ~ /\[connection\]/ && key == "interface-name") each(value)
    if (section ~ /\[network\]/ && key == "dhcp" && tolower(value) ~ /yes|true|ipv4|both/) asks = 1
    if (section ~ /\[ipv4\]/ && key == "method" && value ~ /auto/) asks = 1
  }
  kind == "ifcfg" {
    if (/^[ \t]*DEVICE=/) { sub(/^[^=]*=/, ""); each($0) }
    else if (/^[ \t]*BOOTPROTO=/ && tolower($0) ~ /dhcp/) asks = 1
  }
  kind == "ifupdown" {
    if ($1 == "iface" && $3 == "inet") {
      if ($4 == "dhcp") { asks = 1; name($2) } else last = $2
    } else if (last != "" && /dhclient|dhcpcd|udhcpc/) { asks = 1; name(last) }
  }
  kind == "netplan" {
    sub(/[ \t]#.*/, "")
    match($0, /^ */)
    indent = RLENGTH
    if (/^[ ]*[a-z-]+:[ \t]*$/ && $1 ~ /^(ethernets|wifis|bonds|bridges|vlans|tunnels|vrfs|dummy-devices):$/) {
      end_card()
      block = $1; depth = indent; below = -1; next
    }
    if (block != "ethernets:" || NF == 0) next
    if (indent <= depth) { end_card(); block = ""; next }
    if (below < 0) below = indent
    if (indent == below) { end_card(); card = $1; sub(/:.*/, "", card); held = card; matched = 0 }
    if ($1 ~ /^match:/) { matched = 1; held = "" }
    if (matched && match($0, /name:[ \t]*[^ \t,}]+/)) { held = substr($0, RSTART + 5, RLENGTH - 5); gsub(/[ \t]/, "", held) }
    if ($0 ~ /dhcp4:[ \t]*(true|yes)/) asks = 1
  }
  END {
    if (kind == "netplan") {
      end_card()
      if (free) exit
    }
    # Without DEVICE=, the file is called after the card.
    if (kind == "ifcfg" && !count) name(file)
    if (asks) for (i = 1; i <= count; i++) print names[i]
  }'

# Prints the files that are for other machines' cards, a line each: NAMES|PATH, the path in the tree.
foreign_names() {
  foreign_folders=' ' texts_left=$texts_most
  set -f
  while IFS='|' read -r foreign_kind foreign_among foreign_patterns; do
    for foreign_folder in $foreign_among; do
      folder "$foreign_folder" || continue
      case $foreign_folders in *" $real "*) continue ;; esac
      foreign_folders="$foreign_folders$real "
      # Unquoted, as they are words.
      # shellcheck disable=SC2086
      find_matching "$foreign_folder" $foreign_patterns
      while IFS= read -r foreign_file; do
        [ -z "$foreign_file" ] || ! names_foreign_cards "$foreign_kind" "$foreign_file" || printf '%s|%s\n' "$foreign_cards" "$foreign_file"
      done <<EOF_MATCHING
$matching
EOF_MATCHING
    done
  done <<EOF_NAME_FILES
$known_name_files
EOF_NAME_FILES
}

# Whether a file asks for addresses of cards, and names none that a VM has on Azure: names_foreign_cards KIND PATH. Sets
# $foreign_cards to their names.
names_foreign_cards() {
  foreign_cards=''
  one_text "$2" || return 1
  # Its words have no blanks.
  # shellcheck disable=SC2013
  for foreign_word in $(LC_ALL=C awk -v kind="$1" -v file="${2##*/ifcfg-}" "$names_program" <"$resolved" 2>/dev/null); do
    case $foreign_word in
    # The cards that it is not for.
    !*) return 1 ;;
    en* | em[0-9]* | p[0-9]*p[0-9]*) foreign_cards="$foreign_cards${foreign_cards:+ }$foreign_word" ;;
    *)
      # As networkd does it: the word is a pattern.
      # shellcheck disable=SC2194,SC2254
      case eth0 in $foreign_word) return 1 ;; esac
      ;;
    esac
  done
  [ -n "$foreign_cards" ]
}

whole=interface_names
