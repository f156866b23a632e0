# Finds configuration that is bound to the network card of one machine: by its MAC address, or by a name that no card has on Azure.
# shellcheck shell=sh disable=SC2034,SC2154

# Where cards are named by their MAC addresses, or given one: kind;folders;patterns;sections;what stands before the address in a
# line. The latter two are awk's regular expressions, in lower case; without sections, every line counts. A pattern may have a
# folder.
known_mac_files='networkd;/etc/systemd/network /usr/local/lib/systemd/network /usr/lib/systemd/network /lib/systemd/network /run/systemd/network;*.network *.link *.netdev *.network.d/*.conf *.link.d/*.conf *.netdev.d/*.conf;^(match|link|netdev)$;^[ \t]*(permanent)?macaddress[ \t]*=
NetworkManager;/etc/NetworkManager/system-connections /usr/lib/NetworkManager/system-connections /run/NetworkManager/system-connections;*;^(802-3-ethernet|ethernet|bridge)$;^[ \t]*(cloned-)?mac-address[ \t]*=
NetworkManager;/etc/NetworkManager;NetworkManager.conf conf.d/*.conf;;^[ \t]*(match-device|unmanaged-devices|ethernet[.]cloned-mac-address)[ \t]*[+]?=
NetworkManager;/usr/lib/NetworkManager;conf.d/*.conf;;^[ \t]*(match-device|unmanaged-devices|ethernet[.]cloned-mac-address)[ \t]*[+]?=
netplan;/etc/netplan /usr/lib/netplan /lib/netplan /run/netplan;*.yaml *.yml;;macaddress["\047]?[ \t]*:
ifcfg;/etc/sysconfig/network-scripts;ifcfg-*;;^[ \t]*(export[ \t]+)?(hwaddr|macaddr)=
ifcfg;/etc/sysconfig/network;ifcfg-*;;^[ \t]*(export[ \t]+)?(hwaddr|lladdr|macaddr)=
wicked;/etc/wicked;*.xml ifconfig/*.xml;;<[^>]*(address|addr|mac)>
ifupdown;/etc/network;interfaces interfaces.d/*;;(^[ \t]*(hwaddress|hwaddr)[ \t]|ip[ \t]+link[ \t].*address[ \t]|ether[ \t]|mac/)
nameif;/etc;mactab iftab;;.
netifrc;/etc/conf.d;net net.*;;^[ \t]*mac_[a-z0-9_]*=
connman;/var/lib/connman;*.config;;^[ \t]*mac[ \t]*=
netctl;/etc/netctl;*;;^[ \t]*(interface|macaddress|mac)=
udev;/etc/udev/rules.d /usr/local/lib/udev/rules.d /usr/lib/udev/rules.d /lib/udev/rules.d /run/udev/rules.d;*.rules;;(attrs?|sysfs)[{]address[}][ \t]*==
kernel;/etc/default;grub grub.d/*.cfg;;[ \t"\047=](ifname|bootif|ip)=
kernel;/etc/kernel /usr/lib/kernel;cmdline cmdline.d/*.conf;;(^|[ \t"\047=])(ifname|bootif|ip)=
kernel;/etc/cmdline.d;*.conf;;(^|[ \t"\047=])(ifname|bootif|ip)=
kernel;/etc;dracut.conf dracut.conf.d/*.conf;;(^|[ \t"\047=])(ifname|bootif|ip)=
kernel;/usr/lib/dracut;dracut.conf.d/*.conf;;(^|[ \t"\047=])(ifname|bootif|ip)=
kernel;/etc/initramfs-tools;initramfs.conf conf.d/*;;(^|[ \t"\047=])(ifname|bootif|ip)=
kernel;/boot;grub/grub.cfg grub2/grub.cfg grub/grubenv grub2/grubenv loader/entries/*.conf extlinux/extlinux.conf cmdline.txt;;[ \t"\047=](ifname|bootif|ip)=
kernel;/boot/efi;loader/entries/*.conf EFI/*/grub.cfg EFI/*/grubenv;;[ \t"\047=](ifname|bootif|ip)=
kernel;/efi;loader/entries/*.conf;;[ \t"\047=](ifname|bootif|ip)='

# No folder of an image has more that matter.
most_mac_files=1000

# Prints the first MAC address that a file is bound to. "enx" and the address is the name of a card by its address. Patterns such
# as "00:0d:3a:*" are bound to no card. Has no intervals, which not every awk knows. Longer lines are no configuration.
# shellcheck disable=SC2016
mac_program='
  BEGIN {
    pair = "[0-9a-f][0-9a-f]"
    quad = pair pair
    mac = "(^|[^0-9a-z])(" pair ":" pair ":" pair ":" pair ":" pair ":" pair "|" pair "-" pair "-" pair "-" pair "-" pair "-" pair "|" \
      quad "[.]" quad "[.]" quad ")"
    by_name = "(^|[^a-z0-9])enx" quad quad quad "([^0-9a-z]|$)"
    section = ""
  }
  length($0) > 8192 { next }
  {
    line = $0
    sub(/\r$/, "", line)
    while ((line ~ /\\$/ || line ~ /macaddress["\047]?[ \t]*:[ \t]*$/) && length(line) < 8192 && (getline more) > 0) {
      sub(/\r$/, "", more)
      sub(/\\$/, " ", line)
      line = line " " more
    }
    line = tolower(line)
    # The first pair is the type of the network.
    sub(/bootif=01[:-]/, "bootif=", line)
    if (line ~ /^[ \t]*[#;]/ || line ~ /^[ \t]*<!--.*-->[ \t]*$/) next
    sub(/[ \t]#.*/, "", line)
    if (line ~ /^[ \t]*\[[^]]*\][ \t]*$/) {
      section = line
      gsub(/^[ \t]*\[|\][ \t]*$/, "", section)
      next
    }
    if (sections != "" && section !~ sections) next
    if (match(line, keys)) {
      # What stands before it may be its first character.
      rest = substr(line, RSTART + RLENGTH - 1)
      if (match(rest, mac)) {
        address = substr(rest, RSTART, RLENGTH)
        sub(/^[^0-9a-f]/, "", address)
        print address
        exit
      }
    }
    if (match(line, by_name)) {
      name = substr(line, RSTART, RLENGTH)
      gsub(/[^0-9a-z]/, "", name)
      print substr(name, 4)
      exit
    }
  }'

# Prints what is bound to a MAC address, a line each: KIND|MAC|PATH, the path in the tree.
mac_bound() {
  mac_folders=' ' texts_left=$texts_most
  set -f
  while IFS=';' read -r mac_kind mac_among mac_patterns mac_sections mac_keys; do
    for mac_folder in $mac_among; do
      # On a machine that runs, what is in /run was made from the rest, and is not part of what is captured.
      case $mac_folder in /run/*) [ -n "$root" ] || continue ;; esac
      folder "$mac_folder" || continue
      # /lib is often /usr/lib.
      case $mac_folders in *" $mac_kind:$real:$mac_patterns "*) continue ;; esac
      mac_folders="$mac_folders$mac_kind:$real:$mac_patterns "
      # Unquoted, as they are words.
      # shellcheck disable=SC2086
      find_matching "$mac_folder" $mac_patterns
      while IFS= read -r mac_file; do
        [ -n "$mac_file" ] || continue
        mac_of "$mac_file" || continue
        printf '%s|%s|%s\n' "$mac_kind" "$mac_found" "$mac_file"
      done <<EOF_MATCHING
$matching
EOF_MATCHING
    done
  done <<EOF_MAC_FILES
$known_mac_files
EOF_MAC_FILES
}

# Sets $matching to the paths of the files in a folder that match some patterns, which may have folders, a line each:
# find_matching FOLDER PATTERN...
find_matching() {
  matching='' matching_count=0 matching_in=$1
  shift
  for matching_pattern; do add_matching "$matching_in" "$matching_pattern"; done
}

# add_matching FOLDER PATTERN
add_matching() {
  [ "$matching_count" -lt "$most_mac_files" ] || return 0
  find_names "$1" "${2%%/*}"
  while IFS= read -r matching_name; do
    [ -n "$matching_name" ] || continue
    case $2 in
    */*) add_matching "$1/$matching_name" "${2#*/}" ;;
    *)
      [ "$matching_count" -lt "$most_mac_files" ] || return 0
      matching=$matching$1/$matching_name$newline matching_count=$((matching_count + 1))
      ;;
    esac
  done <<EOF
$names
EOF
}

# Sets $mac_found to the MAC address that a file is bound to; reads $mac_sections and $mac_keys.
mac_of() {
  one_text "$1" || return 1
  mac_found=$(LC_ALL=C awk -v sections="$mac_sections" -v keys="$mac_keys" "$mac_program" <"$resolved" 2>/dev/null)
  [ -n "$mac_found" ]
}

# What to do about it.
mac_remedy() {
  case $1 in
  networkd) printf 'match the cards by Driver=hv_netvsc or Name=eth* in place of the address' ;;
  NetworkManager) printf 'match the cards by interface-name=eth0, or by "driver:hv_netvsc", in place of the address' ;;
  netplan) printf 'match the cards by "driver: hv_netvsc" in place of the address' ;;
  ifcfg | wicked | ifupdown | netifrc | netctl | connman) printf 'remove the address: the name of the card is enough' ;;
  kernel) printf 'remove the argument, and write the boot loader'\''s configuration again' ;;
  *) printf 'remove it: cards keep the names eth0, eth1' ;;
  esac
}

whole=mac_bound
