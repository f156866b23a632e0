# What an image needs beside a machine that the program can run on: each function check_* sets $result, $message and $remedy
# as those of requirements.sh do. Read by check.sh, after requirements.sh and options.sh.
# shellcheck shell=sh disable=SC2034,SC2154

# In the order in which they are told; a function check_NAME each.
image_checks='unit dhcp_enabled clock time_sync entropy mark user_data machine_id host_keys leftovers'

check_program() {
  program=$prefix/bin/azure-provisioning
  if ! tree_file "$program"; then
    failure "$exit_not_set_up" "$root$program is missing" \
      "install it: $(again); or name its place with --prefix"
  elif ! is_text "$resolved" 1024; then
    failure "$exit_bad_data" "$resolved is no program: $why_not" "install it again: $(again)"
  elif ! [ -x "$resolved" ]; then
    failure "$exit_not_set_up" "$resolved is not executable" "chmod 755 $(quote "$resolved")"
  elif [ "$(architecture_of "$resolved")" = none ]; then
    failure "$exit_bad_data" "$resolved is no program for Linux" "install it again: $(again)"
  else
    binary=$resolved
    ok "the program is $binary"
  fi
}

# Holds the installed program against what install.sh wrote down, or against the release that this file came with.
check_checksum() {
  if ! checksum_found=$(sha256_of "$binary"); then
    warning 'the SHA-256 of the program could not be checked: there is no sha256sum, busybox, openssl or shasum here' \
      "check $binary elsewhere"
    return 0
  fi
  checksum_by=$root$(manifest)
  if ! checksum_wanted=$(recorded file "$prefix/bin/azure-provisioning"); then
    checksum_wanted=''
    for checksum_by in "$here/../../dist/SHA256SUMS" "$here/../../SHA256SUMS"; do
      [ -f "$checksum_by" ] || continue
      checksum_wanted=$(sed -n 's/[[:space:]][[:space:]]*\**azure-provisioning\(-'"$(architecture_of "$binary")"'\)*$//p' "$checksum_by")
      [ -z "$checksum_wanted" ] || break
    done
  fi
  if [ -z "$checksum_wanted" ]; then
    warning "nothing says what the SHA-256 of $binary should be" "install it with this, which writes it down: $(again)"
  elif printf '%s\n' "$checksum_wanted" | grep -qxF "$checksum_found"; then
    ok "the program's SHA-256 is the one of $checksum_by"
  else
    failure "$exit_bad_data" "the SHA-256 of $binary is $checksum_found, and not the one of $checksum_by" \
      "install it again: $(again)"
  fi
}

check_unit() {
  unit_ok='' unit_disabled='' unit_missing=''
  for init in $(inits_in_use); do
    if ! unit_of "$init" >/dev/null; then
      unit_missing="$unit_missing $init"
    elif unit_is_enabled "$init"; then
      unit_ok="$unit_ok $init"
    else
      unit_disabled="$unit_disabled $init"
    fi
  done
  if [ -n "$unit_disabled" ]; then
    failure "$exit_not_set_up" "the first-boot unit is installed, but not enabled, for:$unit_disabled" \
      "enable it: $(again --generalize)"
  elif [ -z "$unit_ok$unit_missing" ]; then
    failure "$exit_not_set_up" 'no known init was found' "have it started at boot: $prefix/bin/azure-provisioning"
  elif [ -z "$unit_ok" ]; then
    failure "$exit_not_set_up" "the first-boot unit is not installed for:$unit_missing" "install it: $(again)"
  elif [ -n "$unit_missing" ]; then
    warning "the first-boot unit is enabled for:$unit_ok, but not installed for:$unit_missing" \
      "if the image boots with one of those: $(again "--init NAME")"
  else
    ok "the first-boot unit is enabled, for:$unit_ok"
  fi
}

check_dhcp_enabled() {
  find_dhcp_starter
  if [ -n "$dhcp_by" ]; then
    ok "the network is configured at boot, by $dhcp_by"
  elif [ -n "$dhcp_idle" ]; then
    warning "$dhcp_idle is enabled, but none of its files asks for DHCP" "$dhcp_remedy"
  else
    warning 'nothing was found that starts a DHCP client at boot' \
      "enable one ($(names_of_dhcp_clients)), unless something of your own starts it"
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

# Since 5.6 a kernel makes its own entropy when something waits for it.
check_entropy() {
  entropy_kernel=$(newest_kernel)
  if is_since_5_6 "$entropy_kernel"; then
    ok "the kernel, $entropy_kernel, does not run out of entropy"
    return 0
  fi
  for entropy_program in rngd haveged jitterentropy-rngd; do
    ! tree_program "$entropy_program" || {
      ok "$entropy_program makes entropy"
      return 0
    }
  done
  if [ -z "$entropy_kernel" ]; then
    warning 'whether the first boot has enough entropy is not known: there is no kernel here' \
      'boot it with Linux 5.6 or later, or install rng-tools or haveged'
  else
    warning "the kernel, $entropy_kernel, may wait for entropy at the first boot" 'install rng-tools or haveged'
  fi
}

# Prints the version of the kernel that runs, or the newest one of a tree; nothing if there is none.
newest_kernel() {
  if [ -z "$root" ]; then
    cat /proc/sys/kernel/osrelease
  else
    names_in /lib/modules '[0-9]*.[0-9]*' | while IFS= read -r kernel; do
      ! tree_dir "/lib/modules/$kernel" || printf '%s\n' "$kernel"
    done | sort -t . -k 1,1n -k 2,2n | tail -n 1
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
    warning "$resolved is the mark of an earlier VM (a VM with another id provisions all the same)" \
      "remove it: $(again --generalize)"
  else
    ok 'there is no mark of an earlier VM'
  fi
}

check_user_data() {
  for user_data_file in $userdata_files; do
    if tree_file "$user_data_file"; then
      warning "$resolved is left of the user data or custom data of an earlier VM" "remove it: $(again --generalize)"
      return 0
    fi
  done
  if runs_user_data; then
    ok 'a VM runs its user data, once, if they are a script; its custom data likewise'
  else
    ok 'no VM runs its user data, nor its custom data: that is not enabled'
  fi
}

runs_user_data() {
  for init in $(inits_in_use); do
    if [ "$init" = systemd ]; then
      ! has_link /etc/systemd/system/multi-user.target.wants/azure-provisioning-userdata.service || return 0
    else
      ! tree_file /etc/azure-provisioning.userdata || return 0
    fi
  done
  return 1
}

check_machine_id() {
  if tree_text /etc/machine-id && has_machine_id "$resolved"; then
    warning "$resolved holds a machine ID, which all VMs of this image would have" "empty it: $(again --generalize)"
  elif ! tree_file /etc/machine-id && first_file /usr/lib/systemd/systemd /lib/systemd/systemd; then
    warning "$root/etc/machine-id is missing: systemd takes each boot without it for a first one, with all presets" \
      "make it, empty: touch $(quote "$root/etc/machine-id")"
  else
    ok 'every VM gets its own machine ID'
  fi
}

check_host_keys() {
  if ! tree_program sshd; then
    ok 'there is no OpenSSH server'
    return 0
  fi
  host_keys_made=yes
  for init in $(inits_in_use); do
    keys_are_made_by "$init" || host_keys_made=no
  done
  if folder /etc/ssh && has_host_keys; then
    warning "$real has SSH host keys, which all VMs of this image would have" "remove them: $(again --generalize)"
  elif [ "$host_keys_made" = no ]; then
    failure "$exit_not_set_up" 'there are no SSH host keys, and nothing makes them at boot: nobody can log in' \
      "this installs what makes them: $(again --generalize)"
  else
    ok 'every VM makes its own SSH host keys'
  fi
}

# generalize.sh's files use patterns, which check.sh turns off.
keys_are_made_by() (
  set +f
  host_keys_are_made "$1"
)

has_host_keys() {
  [ -n "$(names_in /etc/ssh 'ssh_host_*_key')" ]
}

# By the plan of generalize.sh, so that the two cannot differ.
check_leftovers() {
  set +f
  plan_leases
  plan_seeds
  plan_other_provisioners
  set -f
  if [ "$plan_length" = 0 ]; then
    ok 'nothing else is left of an earlier VM'
  else
    warning "$plan_length leases, seeds, logs or states of an earlier VM are there" \
      "list them, and remove them without --dry-run: $(again '--generalize --dry-run')"
  fi
}
