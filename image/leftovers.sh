# Plans the removal of what a VM leaves in its image for the next one to find.
# shellcheck shell=sh disable=SC2034,SC2154

# Plans the removal of files in a folder of the image: plan_files WHY FOLDER PATTERN...
plan_files() {
  why=$1
  if ! folder "$2"; then
    leave_foreign_link
    return 0
  fi
  among=$real
  shift 2
  for pattern in "$@"; do
    # Unquoted, as it is a pattern; none of them holds a blank.
    # shellcheck disable=SC2231
    for match in "$among"/$pattern; do
      [ -L "$match" ] || [ -e "$match" ] || continue
      plan_removal "$match" "$why"
    done
  done
}

# plan_path WHY PATH...
plan_path() {
  why=$1
  shift
  for path in "$@"; do
    if found "$path"; then plan_removal "$real" "$why"; else leave_foreign_link; fi
  done
}

# Notes the link that kept a path from being found, if one did.
leave_foreign_link() {
  [ -z "$foreign_link" ] ||
    leave "$foreign_link" 'is a link that others than root can replace, and is not followed: look at what is behind it yourself'
}

plan_own_state() {
  plan_path 'the mark and state of this VM' /var/lib/azure-provisioning
  # Most of them are in there.
  # shellcheck disable=SC2086
  plan_path 'the user data or custom data of this VM, or what they wrote' $userdata_files
  plan_path 'left by a write that was interrupted' /etc/.hostname.azure-provisioning /etc/.hosts.azure-provisioning \
    /home/.azure-provisioning /etc/.doas.conf.azure-provisioning /etc/sudoers.d/.90-azure-provisioning.azure-provisioning \
    /etc/ssh/sshd_config.d/.00-azure-provisioning.conf.azure-provisioning /etc/.azure-provisioning-new
  plan_path 'turns passwords on or off in sshd for this VM' /etc/ssh/sshd_config.d/00-azure-provisioning.conf
  if can_edit /etc/hosts && grep -q "$hosts_mark" "$real"; then
    plan_step edit forget_hosts_lines "$real" 'remove the line for the host name of this VM'
  fi
}

# While a run writes keys, the user's home belongs to root, and a record says so. If the run was killed and the record removed,
# nothing would give the home back, and sshd would not read the keys.
refuse_locked_home() {
  found /var/lib/azure-provisioning/locked-home.json && [ ! -L "$real" ] && is_text "$real" || return 0
  locked_record=$real locked_home=$(sed -n '1s/^{"home":"\([^"\\]*\)".*/\1/p' "$real")
  locked_name="The home that $(shown "$locked_record") names"
  if [ -n "$locked_home" ]; then
    found "$locked_home" && ! is_going "$real" || return 0
    locked_name="The home $(shown "$real")"
  fi
  die "$exit_not_set_up" "$locked_name may still belong to root, because a run was killed while it wrote keys there: run \
azure-provisioning on that VM again; or give the home and its .ssh back to their user, and remove $(shown "$locked_record")"
}

hosts_mark='# Added by azure-provisioning[[:space:]]*$'

forget_hosts_lines() {
  edit "$1" sed "/$hosts_mark/d"
}

plan_host_name() {
  if can_edit /etc/hostname && [ "$(cat "$real")" != localhost ]; then
    plan_step write reset_host_name "$real" 'localhost, instead of the name of this VM'
  fi
}

reset_host_name() {
  edit "$1" echo localhost
}

plan_machine_id() {
  if found /var/lib/dbus/machine-id && [ ! -L "$real" ]; then
    plan_removal "$real" "D-Bus's copy of the machine ID; a new one is made at boot"
  fi
  found /etc/machine-id || return 0
  if [ ! -L "$real" ]; then
    ! can_edit /etc/machine-id || ! has_machine_id "$real" ||
      plan_step empty empty "$real" 'the machine ID: an empty file gets a new one at boot'
  elif resolve /etc/machine-id && ! is_going "$resolved"; then
    leave "$real" "is a symbolic link to $(shown "$resolved"): make sure that every VM gets a new one"
  fi
}

# Whether the file has an ID. An empty file and this word both get a new ID at boot; with the word, that boot also counts as a
# first boot to systemd, which whoever wrote it wants.
has_machine_id() {
  [ -s "$1" ] && [ "$(head -n 1 "$1")" != uninitialized ]
}

plan_leases() {
  plan_dhcp_leases
  plan_path 'names network interfaces by the MAC addresses of this VM' \
    /etc/udev/rules.d/70-persistent-net.rules /etc/udev/rules.d/75-persistent-net-generator.rules
}

# Only what a tool writes again by itself is removed. All else was written by hand or by an installer, and may be the image's only
# network: a mended line serves every VM, a removed file none.
plan_mac_bound() {
  while IFS='|' read -r bound_kind bound_mac bound_path; do
    [ -n "$bound_kind" ] || continue
    found "$bound_path" || continue
    ! is_going "$real" || continue
    case $bound_path in
    /etc/udev/rules.d/[0-9]*-persistent-net.rules)
      plan_removal "$real" 'names network interfaces by the MAC addresses of this VM'
      ;;
    *) leave "$real" "is bound to the MAC address $bound_mac, which no other VM has: $(mac_remedy "$bound_kind")" ;;
    esac
  done <<EOF_BOUND
$(mac_bound)
EOF_BOUND
}

plan_seeds() {
  seed='random seed: every VM would start with the same one'
  plan_files "$seed" /var/lib/seedrng '*'
  for init in $known_inits; do
    load_init "$init"
    init_plan_leftovers
  done
}

plan_other_provisioners() {
  plan_path "cloud-init's state" /var/lib/cloud
  plan_path "cloud-init's log" /var/log/cloud-init.log /var/log/cloud-init-output.log
  plan_path "the Azure Linux Agent's state" /var/lib/waagent
  plan_files "the Azure Linux Agent's log" /var/log 'waagent.log*' azure
  plan_path "azure-init's state" /var/lib/azure-init
  plan_files 'data that the host and this VM exchanged' /var/lib/hyperv '.kvp_pool_*'
  # Nothing else may configure the network.
  for path in /etc/netplan/50-cloud-init.yaml /etc/network/interfaces.d/50-cloud-init; do
    ! found "$path" || leave "$real" \
      'written by cloud-init, but the network may need it: make sure that it has no MAC address'
  done
  for path in /etc/cloud /etc/waagent.conf; do
    ! found "$path" || leave "$real" 'configuration, not state: remove it with the package'
  done
}

whole=leftovers
