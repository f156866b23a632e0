# Checks whether the network of an image is bound to the machine that it was made on.
# shellcheck shell=sh disable=SC2034,SC2154

check_mac_addresses() {
  mac_said='' mac_remedies='' mac_count=0
  while IFS='|' read -r mac_kind mac_address mac_path; do
    [ -n "$mac_kind" ] || continue
    mac_count=$((mac_count + 1))
    # The rest is as easily found once these are mended.
    [ "$mac_count" -le 5 ] || continue
    mac_said="$mac_said${mac_said:+, }$root$mac_path ($mac_address)"
    mac_remedies="$mac_remedies${mac_remedies:+; }in $(quote "$root$mac_path"), $(mac_remedy "$mac_kind")"
  done <<EOF_BOUND
$(mac_bound)
EOF_BOUND
  if [ "$mac_count" = 0 ]; then
    ok 'no network configuration is bound to a MAC address'
  else
    [ "$mac_count" -le 5 ] || mac_said="$mac_said and $((mac_count - 5)) more"
    warning "network configuration is bound to a MAC address that no other VM has: $mac_said" "$mac_remedies"
  fi
}

check_interface_names() {
  names_said='' names_count=0
  while IFS='|' read -r foreign_name foreign_path; do
    [ -n "$foreign_name" ] || continue
    names_count=$((names_count + 1))
    [ "$names_count" -le 5 ] || continue
    names_said="$names_said${names_said:+, }$root$foreign_path ($foreign_name)"
  done <<EOF_FOREIGN
$(foreign_names)
EOF_FOREIGN
  if [ "$names_count" = 0 ]; then
    ok 'no network configuration asks for a card by a name that Azure does not have'
  else
    [ "$names_count" -le 5 ] || names_said="$names_said and $((names_count - 5)) more"
    warning "network configuration is for a card that is not on Azure, where cards are eth0, eth1: $names_said" \
      'name eth0 or eth* there'
  fi
}

whole=network_checks
