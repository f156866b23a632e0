# What the parts of a first boot need from an image. None of it is a failure, because a first boot goes on without it.
# shellcheck shell=sh disable=SC2034,SC2154

# In the order of the reports; a function check_NAME each.
part_checks='user homes password sudo ssh_keys login dns media telemetry'

# Whether the image's configuration file excludes a part.
is_left_out() {
  tree_text /etc/azure-provisioning.conf &&
    sed -n 's/^[[:space:]]*without[[:space:]]*=//p' "$resolved" | tr -d '[:blank:]\r' | tr , '\n' | grep -qxF "$1" || return 1
  ok "the part $1 is excluded by $resolved"
}

# Debian's adduser is a script that needs useradd.
check_user() {
  ! is_left_out user || return 0
  if tree_program useradd; then
    ok 'useradd creates the admin user of a VM'
  elif tree_program adduser && [ "$(architecture_of "$resolved")" != none ]; then
    ok "busybox's adduser creates the admin user of a VM"
  else
    warning "neither useradd nor busybox's adduser is installed: a VM gets no admin user" \
      'install one: "apt-get install passwd", "dnf install shadow-utils"; or exclude the parts user and ssh-keys'
  fi
}

check_password() {
  ! is_left_out password || return 0
  if tree_program chpasswd; then
    ok 'chpasswd sets the password of a VM that is made with one'
  else
    warning 'chpasswd is not installed: a VM that is made with a password, and without keys, never becomes ready' \
      'install it: "apt-get install passwd", "dnf install shadow-utils"; or exclude the part password'
  fi
}

check_ssh_keys() {
  ! is_left_out ssh-keys || return 0
  find_ssh_server
  if [ -z "$ssh_server" ]; then
    warning 'no SSH server is installed: nobody can log in to a VM over the network' \
      'install one: "apt-get install openssh-server", "dnf install openssh-server"'
    return 0
  elif [ -z "$ssh_by" ]; then
    warning "$ssh_server is installed, but nothing starts it at boot: nobody can log in to a VM over the network" \
      "enable it: $(ssh_enable_command)"
    return 0
  elif [ "$ssh_server" != sshd ]; then
    ok "$ssh_server reads ~/.ssh/authorized_keys, and is started by $ssh_by"
    return 0
  fi
  for sshd_config in $(sshd_configs); do
    resolve "$sshd_config"
    if grep -Ei '^[[:space:]]*AuthorizedKeysFile[[:space:]=]' "$resolved" | grep -Eqv '\.ssh/authorized_keys|/etc/ssh/authorized_keys(\.d)?/%u'; then
      warning "sshd may not read ~/.ssh/authorized_keys, where a VM's keys are written: $resolved sets AuthorizedKeysFile" \
        'add .ssh/authorized_keys to it, or /etc/ssh/authorized_keys.d/%u'
      return 0
    fi
    if grep -Eiq '^[[:space:]]*PubkeyAuthentication[[:space:]=]+no' "$resolved"; then
      warning "sshd may accept no keys: $resolved sets PubkeyAuthentication" 'set it to yes'
      return 0
    fi
  done
  ok "sshd reads ~/.ssh/authorized_keys, and is started by $ssh_by"
}

# Prints the configuration files of sshd that have plain names.
sshd_configs() {
  texts_left=$texts_most
  for sshd_folder in /etc/ssh /usr/etc/ssh; do
    ! tree_text "$sshd_folder/sshd_config" || printf '%s\n' "$sshd_folder/sshd_config"
    find_names "$sshd_folder/sshd_config.d" '*.conf'
    while IFS= read -r sshd_file; do
      case $sshd_file in '' | *[!A-Za-z0-9._-]*) continue ;; esac
      ! one_text "$sshd_folder/sshd_config.d/$sshd_file" || printf '%s\n' "$sshd_folder/sshd_config.d/$sshd_file"
    done <<EOF
$names
EOF
  done
}

check_dns() {
  ! is_left_out dns || return 0
  dns_by=$(notifiable_dhcp_clients | tr '\n' ' ')
  if [ -n "$dns_by" ]; then
    ok "DNS can learn the name of a VM that gets its address from: ${dns_by% }"
  else
    warning 'no DHCP client here can be notified of the name of a VM: DNS may have the name of the image until the next boot' \
      "use one, with the program that notifies it ($(names_of_notifiable_dhcp_clients)); or exclude the part dns"
  fi
}

# Looks for modules that hardening guides forbid.
check_media() {
  if tree_file /etc/azure-provisioning.no-media; then
    ok "provisioning media are not read, because of $resolved"
  elif is_left_out customdata && is_left_out user && is_left_out password && is_left_out hostname; then
    ok "the parts that need provisioning media are excluded by $resolved"
  elif ! tree_program mount && ! tree_program busybox; then
    warning 'mount is not installed: a VM gets no custom data and no password, and nothing at all if metadata is unavailable' \
      'install it: "apt-get install mount", "dnf install util-linux-core"'
  elif is_forbidden sr_mod; then
    warning "$forbidden_by forbids the module sr_mod: a VM gets no custom data and no password, and nothing at all if metadata is unavailable" \
      'remove that line, or create /etc/azure-provisioning.no-media'
  elif is_forbidden udf; then
    # Azure's own media are only udf.
    warning "$forbidden_by forbids the module udf: a VM gets no custom data and no password, and nothing at all if metadata is unavailable" \
      'remove that line, or create /etc/azure-provisioning.no-media'
  else
    ok 'provisioning media are mounted at the first boot, if a VM has them'
  fi
}

# Whether a file of modprobe forbids a module, or keeps it from being loaded automatically; sets $forbidden_by.
is_forbidden() {
  texts_left=$texts_most
  for forbidden_folder in /etc/modprobe.d /usr/lib/modprobe.d /lib/modprobe.d; do
    find_names "$forbidden_folder" '*.conf'
    while IFS= read -r forbidden_file; do
      [ -n "$forbidden_file" ] || continue
      one_text "$forbidden_folder/$forbidden_file" || continue
      ! grep -Eq "^[[:space:]]*(install[[:space:]]+$1[[:space:]]+(/usr)?/bin/(false|true)|blacklist[[:space:]]+$1[[:space:]]*\$)" \
        "$resolved" || {
        forbidden_by=$resolved
        return 0
      }
    done <<EOF
$names
EOF
  done
  return 1
}

check_telemetry() {
  ! is_left_out telemetry || return 0
  for kvp_daemon in hv_kvp_daemon hypervkvpd; do
    ! tree_program "$kvp_daemon" || {
      ok "$kvp_daemon tells the host how a first boot went"
      return 0
    }
  done
  if first_file /usr/lib/hyper-v/bin/hv_kvp_daemon /usr/libexec/hypervkvpd/hv_kvp_daemon; then
    ok "$resolved tells the host how a first boot went"
  else
    ok 'there is no hv_kvp_daemon: only the health report tells the host how a first boot went'
  fi
}

whole=part_checks
