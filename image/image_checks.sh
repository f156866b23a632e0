# What an image needs in addition to a machine that the program can run on. Each function check_* sets $result, $message and
# $remedy, as those of requirements.sh do.
# shellcheck shell=sh disable=SC2034,SC2154,SC2317

# In the order of the reports; a function check_NAME each.
image_checks='unit kernel console_questions dhcp_enabled mac_addresses interface_names resolver clock time_sync entropy mark user_data machine_id
host_keys leftovers'

check_unit() {
  find_used_inits
  unit_ok='' unit_disabled='' unit_missing=''
  for init in $used_inits; do
    if ! unit_of "$init" >/dev/null; then
      unit_missing="$unit_missing $init"
    elif unit_is_enabled "$init"; then
      unit_ok="$unit_ok $init"
    else
      unit_disabled="$unit_disabled $init"
    fi
  done
  if [ -n "$unit_disabled" ]; then
    failure "$exit_not_set_up" "the first-boot unit is installed but not enabled for:$unit_disabled" \
      "enable it: $(again --generalize)"
  elif [ -z "$unit_ok$unit_missing" ]; then
    failure "$exit_not_set_up" 'no known init was found' "start the program at boot: $prefix/bin/azure-provisioning"
  elif [ -z "$unit_ok" ]; then
    failure "$exit_not_set_up" "the first-boot unit is not installed for:$unit_missing" "install it: $(again)"
  elif [ -n "$unit_missing" ]; then
    warning "the first-boot unit is enabled for:$unit_ok, but not installed for:$unit_missing" \
      "if the image boots with one of those: $(again "--init NAME")"
  else
    ok "the first-boot unit is enabled for:$unit_ok"
  fi
}

# A container has none. A tree may get it later, with the boot loader.
check_kernel() {
  if [ -z "$root" ]; then
    ok 'the kernel is running'
    return 0
  fi
  for kernel_folder in /boot /boot/efi/EFI/Linux /efi/EFI/Linux /usr/lib/modules /lib/modules; do
    find_kernel_in "$kernel_folder" || continue
    ok "the kernel is $root$kernel_found"
    return 0
  done
  warning 'no kernel was found: a VM cannot boot, unless the kernel is added later' \
    'install one: "apt-get install linux-image-cloud-amd64", "dnf install kernel-core"'
}

# Sets $kernel_found to the first of the names in a folder that is a kernel, or has one.
find_kernel_in() {
  find_names "$1" '*'
  while IFS= read -r kernel_name; do
    [ -n "$kernel_name" ] || continue
    case $1 in
    */modules) tree_file "$1/$kernel_name/vmlinuz" || continue ;;
    *)
      case $kernel_name in
      vmlinu[xz]* | kernel-* | bzImage* | Image* | linux-*.efi | *.efi) tree_file "$1/$kernel_name" || continue ;;
      *) continue ;;
      esac
      ;;
    esac
    kernel_found=$1/$kernel_name
    return 0
  done <<EOF
$names
EOF
  return 1
}

check_dhcp_enabled() {
  find_dhcp_starter
  if [ -n "$dhcp_by" ]; then
    ok "the network is configured at boot by $dhcp_by"
  elif [ -n "$dhcp_maybe" ]; then
    warning "only $dhcp_maybe seems to start a DHCP client${dhcp_idle:+; $dhcp_idle}" 'make sure that every boot runs it'
  elif [ -n "$dhcp_idle" ]; then
    failure "$exit_not_set_up" "nothing asks for an address at boot: $dhcp_idle" "$dhcp_remedy"
  else
    failure "$exit_not_set_up" 'nothing asks for an address at boot: no DHCP client is enabled' \
      "enable one ($(names_of_dhcp_clients)), and have it ask for an address on eth0"
  fi
}

check_clock() {
  if [ -n "$root" ]; then
    ok 'a tree has no clock'
    return 0
  fi
  clock_year=$(date +%Y)
  if [ "$clock_year" -ge 2024 ] && [ "$clock_year" -le 2100 ]; then
    ok "the clock is in the year $clock_year"
  else
    warning "the clock is in the year $clock_year" 'set it: date -s'
  fi
}

check_time_sync() {
  for sync_program in chronyd ntpd openntpd ntpsec; do
    ! tree_program "$sync_program" || {
      ok "$sync_program keeps the time"
      return 0
    }
  done
  if first_file /usr/lib/systemd/systemd-timesyncd /lib/systemd/systemd-timesyncd; then
    ok 'systemd-timesyncd keeps the time'
  else
    warning 'nothing keeps the time' 'install chrony, or systemd-timesyncd'
  fi
}

# Since 5.6, a kernel makes its own entropy when something waits for it.
check_entropy() {
  entropy_kernel=$(newest_kernel)
  if is_since_5_6 "$entropy_kernel"; then
    ok "kernel $entropy_kernel does not run out of entropy"
    return 0
  fi
  for entropy_program in rngd haveged jitterentropy-rngd; do
    ! tree_program "$entropy_program" || {
      ok "$entropy_program provides entropy"
      return 0
    }
  done
  if [ -z "$entropy_kernel" ]; then
    warning 'the first boot may wait for entropy: no kernel was found' \
      'boot it with Linux 5.6 or later, or install rng-tools or haveged'
  else
    warning "kernel $entropy_kernel may wait for entropy at the first boot" 'install rng-tools or haveged'
  fi
}

# Prints the version of the running kernel, or of the newest one of a tree, if there is one.
newest_kernel() {
  if [ -z "$root" ]; then
    cat /proc/sys/kernel/osrelease
  else
    kernels=''
    find_names /lib/modules '[0-9]*.[0-9]*'
    while IFS= read -r kernel; do
      [ -z "$kernel" ] || ! tree_dir "/lib/modules/$kernel" || kernels=$kernels$kernel$newline
    done <<EOF
$names
EOF
    [ -n "$kernels" ] || return 0
    printf '%s' "$kernels" | sort -t . -k 1,1n -k 2,2n | tail -n 1
  fi
}

is_since_5_6() {
  kernel_minor=${1#*.}
  kernel_minor=${kernel_minor%%[!0-9]*}
  case ${1%%.*} in '' | *[!0-9]* | ????*) return 1 ;; esac
  case $kernel_minor in ????*) return 1 ;; esac
  [ "${1%%.*}" -gt 5 ] || { [ "${1%%.*}" = 5 ] && [ "${kernel_minor:-0}" -ge 6 ]; }
}

check_mark() {
  if tree_file /var/lib/azure-provisioning/provisioned.json; then
    warning "$resolved is the mark of an earlier VM (a VM with another id provisions nevertheless)" \
      "remove it: $(again --generalize)"
  else
    ok 'there is no mark of an earlier VM'
  fi
}

check_user_data() {
  for user_data_file in $userdata_files; do
    if tree_file "$user_data_file"; then
      warning "$resolved is left from the user data or custom data of an earlier VM" "remove it: $(again --generalize)"
      return 0
    fi
  done
  if runs_user_data; then
    ok 'a VM runs its user data once, if it is a script; the same goes for its custom data'
  else
    ok 'no VM runs its user data or custom data: that is not enabled'
  fi
}

runs_user_data() {
  find_used_inits
  for init in $used_inits; do
    ! (load_init "$init" && init_runs_user_data) || return 0
  done
  return 1
}

check_machine_id() {
  if tree_text /etc/machine-id && has_machine_id "$resolved"; then
    warning "$resolved has a machine ID, which all VMs of this image would share" "empty it: $(again --generalize)"
  elif ! tree_file /etc/machine-id && first_file /usr/lib/systemd/systemd /lib/systemd/systemd; then
    warning "$root/etc/machine-id is missing: systemd treats every boot without it as a first boot, and applies all presets" \
      "create it, empty: touch $(quote "$root/etc/machine-id")"
  else
    ok 'every VM gets its own machine ID'
  fi
}

check_host_keys() {
  if ! tree_program sshd; then
    # Others make theirs when they need them, or keys_are_made_by does not know them.
    ok 'there is no OpenSSH server that needs host keys'
    return 0
  fi
  host_keys_made=yes
  find_used_inits
  for init in $used_inits; do
    keys_are_made_by "$init" || host_keys_made=no
  done
  if folder /etc/ssh && has_host_keys; then
    warning "$real has SSH host keys, which all VMs of this image would share" "remove them: $(again --generalize)"
  elif [ "$host_keys_made" = no ]; then
    failure "$exit_not_set_up" 'there are no SSH host keys, and nothing makes them at boot: nobody can log in' \
      "install a service that makes them: $(again --generalize)"
  else
    ok 'every VM makes its own SSH host keys'
  fi
}

# The files of generalize.sh use patterns, which check.sh turns off.
keys_are_made_by() (
  set +f
  host_keys_are_made "$1"
)

has_host_keys() {
  find_names /etc/ssh 'ssh_host_*_key'
  [ -n "$names" ]
}

# More are not counted.
leftovers_most=100

# Uses the plan of generalize.sh, so that the two cannot differ; but only counts, as there can be any number.
check_leftovers() {
  plan_removal() {
    if [ "$plan_length" -gt "$leftovers_most" ] || is_going "$1"; then return 0; fi
    note_going "$1"
    plan_length=$((plan_length + 1))
  }
  set +f
  plan_leases
  plan_seeds
  plan_other_provisioners
  set -f
  if [ "$plan_length" = 0 ]; then
    ok 'nothing else is left of an earlier VM'
  else
    [ "$plan_length" -le "$leftovers_most" ] || plan_length="more than $leftovers_most"
    warning "$plan_length leases, seeds, logs or states of an earlier VM were found" \
      "list them with this command, and remove them by running it without --dry-run: $(again '--generalize --dry-run')"
  fi
}

whole=image_checks
