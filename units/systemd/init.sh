# systemd. Sourced by load_init of image/inits.sh, which documents the names.
# shellcheck shell=sh disable=SC2034,SC2154

init_unit=/etc/systemd/system/azure-provisioning.service
init_drop_in=$init_unit.d/without-hostnamed.conf
init_link=/etc/systemd/system/multi-user.target.wants/azure-provisioning.service
init_needed=/etc/systemd/system/azure-provisioning-needed.service
init_fallback=/etc/systemd/system/azure-provisioning-fallback.service
init_homes=/etc/systemd/system/azure-provisioning-homes.service
init_media=/etc/systemd/system/azure-provisioning-media.service
init_userdata=/etc/systemd/system/azure-provisioning-userdata.service
init_userdata_link=/etc/systemd/system/multi-user.target.wants/azure-provisioning-userdata.service
init_host_keys_unit=/etc/systemd/system/azure-provisioning-host-keys.service
init_host_keys_mode=644

init_detect() {
  first_file /usr/lib/systemd/systemd /lib/systemd/systemd
}

# Others in the image then serve it, or are left over.
init_is_pid_1() {
  first_file /sbin/init /usr/sbin/init && [ "${resolved##*/}" = systemd ]
}

init_files() {
  put_this_vm
  put "$units/systemd/azure-provisioning.service" 644 "$init_unit"
  put "$units/systemd/azure-provisioning-needed.service" 644 "$init_needed"
  put "$units/systemd/azure-provisioning-fallback.service" 644 "$init_fallback"
  put "$units/common/homes" 755 "$prefix/lib/azure-provisioning/homes"
  put "$units/systemd/azure-provisioning-homes.service" 644 "$init_homes"
  put_media
  put "$units/systemd/azure-provisioning-media.service" 644 "$init_media"
  put_userdata
  put "$units/systemd/azure-provisioning-userdata.service" 644 "$init_userdata"
  put "$units/systemd/80-azure-provisioning.preset" 644 /etc/systemd/system-preset/80-azure-provisioning.preset
  if has_hostnamed; then
    take_file "$init_drop_in"
  else
    put "$units/systemd/without-hostnamed.conf" 644 "$init_drop_in"
  fi
}

# A link in the unit's place masks it.
init_is_enabled() {
  ! { resolve_link "$init_unit" && [ -L "$resolved" ]; } || return 1
  has_link "$init_link"
}

init_enable() {
  put_link ../azure-provisioning.service "$init_link"
}

init_disable() {
  take_link "$init_link"
}

# "systemctl enable" makes it, not install.sh.
init_take_leftovers() {
  take_link "$init_userdata_link"
}

init_after() {
  if [ -z "$root" ] && [ -d /run/systemd/system ] && has systemctl; then
    run systemctl daemon-reload
  fi
}

init_hint() {
  say 'systemctl status azure-provisioning.service'
  say "journalctl -u 'azure-provisioning*'"
}

init_plan_leftovers() {
  plan_path "$seed" /var/lib/systemd/random-seed
  plan_path "the secret of this VM's encrypted credentials, which cannot be read any more" \
    /var/lib/systemd/credential.secret
}

init_runs_user_data() {
  has_link "$init_userdata_link"
}

init_service_files() {
  for init_folder in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    printf '%s\n' "$init_folder/$1.service"
  done
}

# shellcheck source=/dev/null
. "$units/systemd/starts.sh"
[ "$whole" = starts ] || return 1

# Sets $systemd_starts and $systemd_commands to what list_systemd_starts prints: without and with a command.
init_survey() {
  systemd_commands=$(list_systemd_starts)
  systemd_starts=$newline$(printf '%s' "$systemd_commands" | grep -v '^!' || :)$newline
  systemd_commands=$(printf '%s' "$systemd_commands" | grep '^!') || :
}

# A script of SysV that has no unit is started, too.
init_service_links() {
  print_starts "$1.service"
  ! init_has_service "$1" || return 0
  case $systemd_starts in *"$newline-$1.service "*) return 0 ;; esac
  links_in_folders /etc 'rc[2345].d' "S[0-9][0-9]$1"
}

init_likely_links() {
  print_starts "?$1.service"
}

# Prints the second word of each line of the survey that has a first one. Shells are slow to take a long text apart in another way.
print_starts() {
  case $systemd_starts in *"$newline$1 "*) ;; *) return 0 ;; esac
  print_starts_found=''
  for print_starts_word in $systemd_starts; do
    case $print_starts_found in
    '') if [ "$print_starts_word" = "$1" ]; then print_starts_found=yes; else print_starts_found=no; fi ;;
    yes)
      printf '%s\n' "$print_starts_word"
      print_starts_found=''
      ;;
    *) print_starts_found='' ;;
    esac
  done
}

# The command itself, or what an interpreter runs.
init_started_commands() {
  [ -n "$systemd_commands" ] || return 0
  printf '%s' "$systemd_commands" | awk -v words="$1" '
    /^!/ {
      for (i = 3; i <= NF && i < 9; i++) {
        word = $i
        if (i == 3) sub(/^[-@:+!]*/, "", word)
        sub(/.*\//, "", word)
        sub(/[;"\047].*/, "", word)
        if (word ~ ("^(" words ")([.](py|sh|egg))?$")) { print $2; exit }
        if (word !~ /^(-.*|[A-Z_]+=.*|env|sh|bash|dash|busybox|python[0-9.]*|uv|run|exec|nice|timeout|[0-9]+|flock)$/) break
      }
    }'
}

init_started_scripts() {
  [ -n "$systemd_commands" ] || return 0
  printf '%s' "$systemd_commands" | awk '
    /^!/ {
      sub(/^[-@:+!]*/, "", $3)
      for (i = 3; i <= NF && i < 6; i++)
        if ($i ~ /^\/[A-Za-z0-9._\/-]+$/ && $i !~ /^\/(usr\/)?(bin|sbin|lib|libexec)\//) print $i
    }'
}

init_has_service() {
  first_file "/etc/systemd/system/$1.service" "/usr/lib/systemd/system/$1.service" "/lib/systemd/system/$1.service"
}

# What a file says, and not a link, is out of the reach of "disable".
init_disable_command() {
  init_systemctl="systemctl${root:+ --root=$(quote "$root")}"
  case $1 in
  */systemd/system/*.wants/* | */systemd/system/*.requires/*) printf '%s disable %s' "$init_systemctl" "$(quote "${1##*/}")" ;;
  */systemd/system/*.upholds/* | */udev/rules.d/* | */system-generators/*) return 1 ;;
  */systemd/system/* | */system-preset/*) print_mask_command "$2" ;;
  *) return 1 ;;
  esac
}

# Of some services, those that systemd would start.
print_mask_command() {
  mask_services=''
  for mask_service in $1; do
    case $systemd_starts in *"$newline$mask_service.service "*) mask_services="$mask_services $mask_service.service" ;; esac
  done
  [ -n "$mask_services" ] || return 1
  printf '%s mask%s' "$init_systemctl" "$mask_services"
}

# Fedora, Arch, openSUSE and Gentoo do. Debian 13 has a unit that runs on the first boot only, and a boot with an empty
# /etc/machine-id is not one.
init_makes_host_keys() {
  find_unit ssh || find_unit sshd || return 1
  init_server=$resolved
  if grep -Eq '^ExecStartPre=[^ ]*/ssh-keygen -A' "$init_server"; then return 0; fi
  if grep -Eq '^ExecStartPre=[^ ]*/sshd-gen-keys-start' "$init_server"; then
    ! is_set_in /etc/sysconfig/ssh SSHD_AUTO_KEYGEN no
    return
  fi
  if grep -Eq '^(Wants|Requires)=.*sshdgenkeys\.service' "$init_server"; then
    find_unit sshdgenkeys
    return
  fi
  grep -Eq '^(Wants|Requires)=.*sshd-keygen\.target' "$init_server" && find_unit sshd-keygen@ &&
    grep -Eq '^ConditionFileNotEmpty=' "$resolved" && ! is_set_in /etc/sysconfig/sshd AUTOCREATE_SERVER_KEYS no
}

# Sets $resolved to a service's file, unless it is masked.
find_unit() {
  init_has_service "$1" && [ -s "$resolved" ] && is_text "$resolved"
}

# ssh-keygen -A makes keys that are missing, or empty after a power cut.
init_print_host_keys() {
  cat <<UNIT
[Unit]
Description=Make missing SSH host keys
Before=ssh.service sshd.service
ConditionFileNotEmpty=|!/etc/ssh/ssh_host_rsa_key
ConditionFileNotEmpty=|!/etc/ssh/ssh_host_ecdsa_key
ConditionFileNotEmpty=|!/etc/ssh/ssh_host_ed25519_key

[Service]
Type=oneshot
$(grep '^UnsetEnvironment=' "$units/systemd/azure-provisioning.service")
ExecStart=$1 -A

[Install]
WantedBy=multi-user.target
UNIT
}

init_host_keys_links() {
  echo '/etc/systemd/system/multi-user.target.wants/azure-provisioning-host-keys.service ../azure-provisioning-host-keys.service'
}

whole=systemd
