# The SSH host keys, which must be new in every VM: they go only if something makes new ones at boot, as a VM whose SSH
# server has none cannot be logged in to. Read by generalize.sh, after plan.sh and host_key_units.sh; check.sh asks
# host_keys_are_made.
# shellcheck shell=sh disable=SC2034,SC2154

# plan_host_keys INIT...
plan_host_keys() {
  plan_openssh_keys "$@"
  plan_dropbear_keys
}

plan_openssh_keys() {
  # Without a server nobody misses them; a server that is installed later makes its own.
  if tree_program sshd; then
    [ $# -gt 0 ] || set -- 'an unknown init'
    for init in "$@"; do
      ! host_keys_are_made "$init" || continue
      plan_host_key_unit "$init" || {
        leave "$root/etc/ssh/ssh_host_*" "with $init nothing would make new ones, and nobody could log in: have \
'ssh-keygen -A' run before sshd at every boot, and remove them then; until then all VMs of this image have the same"
        return 0
      }
    done
  fi
  folder /etc/ssh || return 0
  for key in "$real"/ssh_host_*; do
    [ -f "$key" ] || [ -L "$key" ] || continue
    if [ -L "$key" ]; then
      leave "$key" 'is a symbolic link'
    elif is_made_by_hand "$key"; then
      leave "$key" "named in sshd_config, and 'ssh-keygen -A' does not make it: see to it that every VM gets its own"
    else
      going="$going $(word "$key")"
      plan_step remove remove_host_key "$key" 'an SSH host key: every VM makes its own'
    fi
  done
}

# Whether sshd_config wants a key that is not one of those that are made when they are missing.
is_made_by_hand() {
  case ${1%.pub} in
  */ssh_host_rsa_key | */ssh_host_ecdsa_key | */ssh_host_ed25519_key) return 1 ;;
  esac
  name=${1##*/}
  # No line can name it, and to grep it would be several patterns.
  case $name in *"$newline"*) return 1 ;; esac
  name=$(printf '%s' "${name%.pub}" | sed 's/[*.^$[\]/\\&/g')
  is_host_key_of /etc/ssh/sshd_config "$name" && return 0
  folder /etc/ssh/sshd_config.d || return 1
  for config in "$real"/*.conf; do
    ! is_host_key_of "${config#"$root"}" "$name" || return 0
  done
  return 1
}

# is_host_key_of CONFIG NAME: the latter as a pattern.
is_host_key_of() {
  tree_text "$1" && grep -iq "^[[:space:]]*HostKey[[:space:]=].*/$2[\"[:space:]]*\$" "$resolved"
}

# Whether an init of this image makes missing host keys by itself before it starts sshd. What cannot be read with certainty
# counts as no: making them twice does no harm.
host_keys_are_made() {
  host_key_unit_is_there "$1" || case $1 in
  systemd) systemd_makes_host_keys ;;
  openrc) script_makes_host_keys /etc/init.d/sshd && ! is_set_in /etc/conf.d/sshd 'sshd_disable_keygen' ;;
  sysv | busybox) script_makes_host_keys /etc/init.d/ssh /etc/init.d/sshd /etc/init.d/S50sshd ;;
  runit) script_makes_host_keys /etc/sv/sshd/run /etc/sv/ssh/run ;;
  *) false ;;
  esac
}

# Fedora, Arch, openSUSE and Gentoo do. Debian 13 has a unit for it, for a "first boot" only: a boot with an empty
# /etc/machine-id is none.
systemd_makes_host_keys() {
  tree_unit ssh.service || tree_unit sshd.service || return 1
  server=$resolved
  if grep -Eq '^ExecStartPre=[^ ]*/ssh-keygen -A' "$server"; then return 0; fi
  if grep -Eq '^ExecStartPre=[^ ]*/sshd-gen-keys-start' "$server"; then
    ! is_set_in /etc/sysconfig/ssh SSHD_AUTO_KEYGEN no
    return
  fi
  if grep -Eq '^(Wants|Requires)=.*sshdgenkeys\.service' "$server"; then
    tree_unit sshdgenkeys.service
    return
  fi
  grep -Eq '^(Wants|Requires)=.*sshd-keygen\.target' "$server" && tree_unit sshd-keygen@.service &&
    grep -Eq '^ConditionFileNotEmpty=' "$resolved" && ! is_set_in /etc/sysconfig/sshd AUTOCREATE_SERVER_KEYS no
}

# Sets $resolved to a unit that is not masked.
tree_unit() {
  first_file "/etc/systemd/system/$1" "/usr/lib/systemd/system/$1" "/lib/systemd/system/$1" && [ -s "$resolved" ] && is_text "$resolved"
}

script_makes_host_keys() {
  for script in "$@"; do
    ! tree_text "$script" || ! grep -Eq '^[^#]*(ssh-keygen[[:space:]].*-A|sshd-keygen)' "$resolved" || return 0
  done
  return 1
}

# Whether a settings file turns something off: is_set_in FILE VARIABLE [VALUE]
is_set_in() {
  tree_text "$1" && grep -Eiq "^[[:space:]]*$2=[\"']?${3:-(yes|true|1)}" "$resolved"
}

host_key_unit_is_there() {
  host_key_unit_places "$1" >/dev/null || return 1
  tree_program ssh-keygen || return 1
  keygen=${resolved#"$root"}
  unit=$(host_key_unit_places "$1" | head -n 1)
  tree_text "$unit" && [ "$(cat "$resolved")" = "$(host_key_unit_text "$1" "$keygen")" ] || return 1
  if [ "$1" = sysv ] && needs_order; then return 1; fi
  host_key_unit_places "$1" | while read -r place target; do
    [ -z "$target" ] || has_host_key_link "$place" || exit 1
  done
}

# Whether a link is there; of those of SysV insserv may have changed the number.
has_host_key_link() {
  case $1 in
  /etc/rc?.d/S*) ;;
  *)
    found "$1"
    return
    ;;
  esac
  folder "${1%/*}" || return 1
  for link in "$real"/S[0-9][0-9]"$host_key_unit"; do
    [ ! -L "$link" ] || return 0
  done
  return 1
}

# Plans the service for an init, if there is one for it.
plan_host_key_unit() {
  host_key_unit_places "$1" >/dev/null && tree_program ssh-keygen || return 1
  [ "$1" != sysv ] || tree_dir /etc/rc2.d || return 1
  unit=$(host_key_unit_places "$1" | head -n 1)
  # The folders that are missing are made.
  resolve "$unit" || return 1
  plan_step add "add_host_key_unit_for_$1" "$resolved" \
    "makes new SSH host keys at boot, as nothing else does with $1; it is enabled, too"
  if [ "$1" = sysv ] && needs_order; then
    plan_step edit order_host_key_unit "$resolved" "$host_key_unit comes before ssh"
  fi
}

add_host_key_unit_for_systemd() { add_host_key_unit systemd 644 "$1"; }
add_host_key_unit_for_openrc() { add_host_key_unit openrc 755 "$1"; }
add_host_key_unit_for_sysv() { add_host_key_unit sysv 755 "$1"; }

# Debian's startpar runs only what is in a list that insserv makes, and that has to hold when nothing of the tree is run.
# Sets $resolved to the list.
needs_order() {
  tree_text /etc/init.d/.depend.start && ! grep -q "^TARGETS *=.* $host_key_unit" "$resolved"
}

order_host_key_unit() {
  # The words of awk.
  # shellcheck disable=SC2016
  edit "$1" awk -v unit="$host_key_unit" '
    /^TARGETS *=/ { print $0, unit; next }
    /^sshd?:/ { print $0, unit; ordered = 1; next }
    { print }
    END { if (!ordered) print "ssh: " unit }' && return 0
  host_keys_stay=yes
  return 1
}

# Set when new keys are not going to be made after all.
host_keys_stay=

add_host_key_unit() {
  if tree_program ssh-keygen && write_host_key_unit "$@"; then return 0; fi
  host_keys_stay=yes
  return 1
}

write_host_key_unit() {
  keygen=${resolved#"$root"}
  enter_or_make "${3%/*}" && replace "./${3##*/}" print_host_key_unit "$1" "$2" "$keygen" || return 1
  host_key_unit_places "$1" | {
    read -r _
    while read -r place target; do
      if [ "$1" = sysv ] && has_host_key_link "$place"; then continue; fi
      resolve "${place%/*}" && make_link "$target" "$resolved/${place##*/}" || exit 1
    done
  }
}

print_host_key_unit() {
  host_key_unit_text "$1" "$3" >./new && chmod "$2" ./new
}

remove_host_key() {
  if [ -n "$host_keys_stay" ]; then
    why_not='nothing would make a new one, and nobody could log in'
    return 1
  fi
  remove "$1"
}

plan_dropbear_keys() {
  folder /etc/dropbear || return 0
  keys=$real
  for key in "$keys"/dropbear_*_host_key; do
    if [ -L "$key" ] || ! [ -f "$key" ]; then continue; fi
    if ! tree_program dropbear || dropbear_makes_keys; then
      plan_removal "$key" 'an SSH host key: every VM makes its own'
    else
      leave "$key" "nothing would make a new one, and nobody could log in: start dropbear with -R (on Debian, \
DROPBEAR_EXTRA_ARGS=-R in /etc/default/dropbear), then generalise again"
    fi
  done
}

dropbear_makes_keys() {
  if is_set_in /etc/default/dropbear DROPBEAR_EXTRA_ARGS '([^"]* )?-[A-Za-z]*R'; then return 0; fi
  for start in /etc/systemd/system/dropbear.service /usr/lib/systemd/system/dropbear.service \
    /lib/systemd/system/dropbear.service /etc/init.d/dropbear /etc/init.d/S50dropbear /etc/sv/dropbear/run; do
    tree_text "$start" || continue
    ! grep -Eq '^[^#]*(dropbearkey |dropbear[[:space:]](.*[[:space:]])?-[A-Za-z]*R)' "$resolved" || return 0
  done
  return 1
}
