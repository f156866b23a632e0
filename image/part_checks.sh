# Whether an image has what the parts of a first boot need that work with programs of its own. None of it is a failure, as a
# first boot goes on without. Read by check.sh, after image_checks.sh.
# shellcheck shell=sh disable=SC2034,SC2154

# In the order in which they are told; a function check_NAME each.
part_checks='user ssh_keys dns media telemetry'

# Whether the image's configuration file leaves a part out.
is_left_out() {
  tree_text /etc/azure-provisioning.conf &&
    sed -n 's/^[[:space:]]*without[[:space:]]*=//p' "$resolved" | tr -d '[:blank:]\r' | tr , '\n' | grep -qxF "$1" || return 1
  ok "the part $1 is left out by $resolved"
}

# Debian's adduser is a script, and of no use without useradd.
check_user() {
  ! is_left_out user || return 0
  if tree_program useradd; then
    ok 'useradd makes the admin user of a VM'
  elif tree_program adduser && [ "$(architecture_of "$resolved")" != none ]; then
    ok "busybox's adduser makes the admin user of a VM"
  else
    warning "neither useradd nor busybox's adduser is installed: a VM gets no admin user" \
      'install one: "apt-get install passwd", "dnf install shadow-utils"; or leave the part user out, and ssh-keys'
  fi
}

check_ssh_keys() {
  ! is_left_out ssh-keys || return 0
  if ! tree_program sshd; then
    if tree_program dropbear; then
      ok "dropbear reads ~/.ssh/authorized_keys"
    else
      ok 'there is no SSH server: the keys of a VM are written, and not used'
    fi
    return 0
  fi
  for sshd_config in $(sshd_configs); do
    resolve "$sshd_config"
    if grep -Ei '^[[:space:]]*AuthorizedKeysFile[[:space:]=]' "$resolved" | grep -qvF '.ssh/authorized_keys'; then
      warning "sshd may not read ~/.ssh/authorized_keys, where a VM's keys are written: $resolved sets AuthorizedKeysFile" \
        'have it read .ssh/authorized_keys, too'
      return 0
    fi
    if grep -Eiq '^[[:space:]]*PubkeyAuthentication[[:space:]=]+no' "$resolved"; then
      warning "sshd may take no keys: $resolved sets PubkeyAuthentication" 'set it to yes'
      return 0
    fi
  done
  ok 'sshd reads ~/.ssh/authorized_keys'
}

# Prints the configuration files of sshd that have names without blanks.
sshd_configs() {
  for sshd_folder in /etc/ssh /usr/etc/ssh; do
    ! tree_text "$sshd_folder/sshd_config" || printf '%s\n' "$sshd_folder/sshd_config"
    names_in "$sshd_folder/sshd_config.d" '*.conf' | while IFS= read -r sshd_file; do
      case $sshd_file in *[!A-Za-z0-9._-]*) continue ;; esac
      ! tree_text "$sshd_folder/sshd_config.d/$sshd_file" || printf '%s\n' "$sshd_folder/sshd_config.d/$sshd_file"
    done
  done
}

check_dns() {
  ! is_left_out dns || return 0
  dns_by=$(notifiable_dhcp_clients | tr '\n' ' ')
  if [ -n "$dns_by" ]; then
    ok "DNS can learn the name of a VM, if it gets its address by: ${dns_by% }"
  else
    warning 'there is no DHCP client that can be notified of the name of a VM: DNS may have the name of the image until the next boot' \
      "use one, with the program that notifies it ($(names_of_notifiable_dhcp_clients)); or leave the part dns out"
  fi
}

# What hinders it is found where it was seen: modules that hardening guides forbid.
check_media() {
  if tree_file /etc/azure-provisioning.no-media; then
    ok "the provisioning media are not looked at: there is $resolved"
  elif is_left_out customdata && is_left_out user && is_left_out hostname; then
    ok "what the provisioning media hold is left out by $resolved"
  elif ! tree_program mount && ! tree_program busybox; then
    warning 'there is no mount: a VM gets no custom data, and nothing at all where the metadata stay away' \
      'install it: "apt-get install mount", "dnf install util-linux-core"'
  elif is_forbidden sr_mod; then
    warning "$forbidden_by forbids the module sr_mod: a VM gets no custom data, and nothing at all where the metadata stay away" \
      'take that line out, or make /etc/azure-provisioning.no-media'
  elif is_forbidden udf; then
    # What Azure itself makes is udf alone.
    warning "$forbidden_by forbids the module udf: a VM gets no custom data, and nothing at all where the metadata stay away" \
      'take that line out, or make /etc/azure-provisioning.no-media'
  else
    ok 'the provisioning media are mounted at the first boot, if a VM has some'
  fi
}

# Whether a file of modprobe's lets a module never be loaded, or not by itself; sets $forbidden_by.
is_forbidden() {
  for forbidden_folder in /etc/modprobe.d /usr/lib/modprobe.d /lib/modprobe.d; do
    while IFS= read -r forbidden_file; do
      tree_text "$forbidden_folder/$forbidden_file" || continue
      ! grep -Eq "^[[:space:]]*(install[[:space:]]+$1[[:space:]]+(/usr)?/bin/(false|true)|blacklist[[:space:]]+$1[[:space:]]*\$)" \
        "$resolved" || {
        forbidden_by=$resolved
        return 0
      }
    done <<EOF
$(names_in "$forbidden_folder" '*.conf')
EOF
  done
  return 1
}

check_telemetry() {
  ! is_left_out telemetry || return 0
  for kvp_daemon in hv_kvp_daemon hypervkvpd; do
    ! tree_program "$kvp_daemon" || {
      ok "$kvp_daemon passes on to the host how a first boot went"
      return 0
    }
  done
  if first_file /usr/lib/hyper-v/bin/hv_kvp_daemon /usr/libexec/hypervkvpd/hv_kvp_daemon; then
    ok "$resolved passes on to the host how a first boot went"
  else
    ok 'there is no hv_kvp_daemon: the host learns how a first boot went from the report only'
  fi
}
