# Plans the removal of SSH host keys, which must be new in every VM. They are removed only if something makes new ones at boot:
# nobody can log in to an SSH server that has none.
# shellcheck shell=sh disable=SC2034,SC2154

# plan_host_keys INIT...
plan_host_keys() {
  plan_openssh_keys "$@"
  plan_dropbear_keys
}

plan_openssh_keys() {
  # Without a server, nobody misses them; a server that is installed later makes its own.
  if tree_program sshd; then
    [ $# -gt 0 ] || set -- 'an unknown init'
    for init in "$@"; do
      ! host_keys_are_made "$init" || continue
      plan_host_keys_unit "$init" || {
        leave "$root/etc/ssh/ssh_host_*" "with $init nothing would make new ones, and nobody could log in: run \
'ssh-keygen -A' before sshd at every boot, then remove them; until then all VMs of this image have the same"
        return 0
      }
    done
  fi
  named_host_keys=$(print_named_host_keys)
  folder /etc/ssh || return 0
  for key in "$real"/ssh_host_*; do
    [ -f "$key" ] || [ -L "$key" ] || continue
    if [ -L "$key" ]; then
      leave "$key" 'is a symbolic link'
    elif is_made_by_hand "$key"; then
      leave "$key" "named in sshd_config, and 'ssh-keygen -A' does not make it: make sure that every VM gets its own"
    else
      note_going "$key"
      plan_step remove remove_host_key "$key" 'an SSH host key: every VM makes its own'
    fi
  done
}

# Whether sshd_config names a key that is not made automatically.
is_made_by_hand() {
  case ${1%.pub} in
  */ssh_host_rsa_key | */ssh_host_ecdsa_key | */ssh_host_ed25519_key) return 1 ;;
  esac
  name=${1##*/}
  # No line can name it, and grep would take it for several patterns.
  case $name in *"$newline"*) return 1 ;; esac
  name=$(printf '%s' "${name%.pub}" | sed 's/[*.^$[\]/\\&/g')
  printf '%s\n' "$named_host_keys" | grep -iq "/${name}[\"[:space:]]*\$"
}

# Prints the lines of sshd's configuration that name host keys; no image has as many.
print_named_host_keys() {
  texts_left=$texts_most
  {
    named_host_keys_in /etc/ssh/sshd_config
    ! folder /etc/ssh/sshd_config.d || for config in "$real"/*.conf; do
      named_host_keys_in "${config#"$root"}"
    done
  } | head -n 1000
}

named_host_keys_in() {
  ! one_text "$1" || grep -i '^[[:space:]]*HostKey[[:space:]=]' "$resolved" || :
}

# Whether an init of this image makes missing host keys before it starts sshd. What cannot be read with certainty counts as no:
# making them twice does no harm.
host_keys_are_made() (
  # shellcheck disable=SC2086
  is_one_of "$1" $known_inits && load_init "$1" || exit 1
  host_keys_unit_is_there || init_makes_host_keys
)

# Whether a script that starts the SSH server makes missing keys.
service_makes_host_keys() {
  for script in $(init_service_files ssh) $(init_service_files sshd); do
    ! tree_text "$script" || ! grep -Eq '^[^#]*(ssh-keygen[[:space:]].*-A|sshd-keygen)' "$resolved" || return 0
  done
  return 1
}

# Whether a settings file turns something on, or sets it to a value: is_set_in FILE VARIABLE [VALUE]
is_set_in() {
  tree_text "$1" && grep -Eiq "^[[:space:]]*$2=[\"']?${3:-(yes|true|1)}" "$resolved"
}

# Whether the service of the loaded init that makes missing keys is in the image, as it is put there.
host_keys_unit_is_there() {
  [ -n "$init_host_keys_unit" ] && tree_program ssh-keygen || return 1
  keygen=${resolved#"$root"}
  tree_text "$init_host_keys_unit" && [ "$(cat "$resolved")" = "$(init_print_host_keys "$keygen")" ] &&
    init_host_keys_are_ordered || return 1
  init_host_keys_links | while read -r place target; do
    init_has_host_keys_link "$place" || exit 1
  done
}

# Plans that service, if there is one for an init.
plan_host_keys_unit() {
  # shellcheck disable=SC2086
  is_one_of "$1" $known_inits && load_init "$1" && [ -n "$init_host_keys_unit" ] && tree_program ssh-keygen || return 1
  # The folders that are missing are made.
  resolve "$init_host_keys_unit" || return 1
  plan_step add "add_host_keys_unit $1" "$resolved" \
    "makes new SSH host keys at boot, because nothing else does with $1; it is also enabled"
  init_host_keys_are_ordered ||
    plan_step edit "order_host_keys $1" "$resolved" "${init_host_keys_unit##*/} comes before ssh"
}

# Set when new keys will not be made after all.
host_keys_stay=

# order_host_keys INIT ./NAME
order_host_keys() {
  load_init "$1"
  edit "$2" init_order_host_keys && return 0
  host_keys_stay=yes
  return 1
}

# add_host_keys_unit INIT PATH
add_host_keys_unit() {
  load_init "$1"
  if tree_program ssh-keygen && write_host_keys_unit "$2"; then return 0; fi
  host_keys_stay=yes
  return 1
}

write_host_keys_unit() {
  keygen=${resolved#"$root"}
  enter_or_make "${1%/*}" && replace "./${1##*/}" make_host_keys_unit "$keygen" || return 1
  # Not in a pipe, where a signal would leave the private folder behind.
  while read -r keys_link keys_target; do
    if [ -z "$keys_link" ] || init_has_host_keys_link "$keys_link"; then continue; fi
    resolve "${keys_link%/*}" && make_link "$keys_target" "$resolved/${keys_link##*/}" || return 1
  done <<EOF
$(init_host_keys_links)
EOF
}

make_host_keys_unit() {
  init_print_host_keys "$1" >./new && chmod "$init_host_keys_mode" ./new
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
  for start in $(service_files dropbear); do
    tree_text "$start" || continue
    ! grep -Eq '^[^#]*(dropbearkey |dropbear[[:space:]](.*[[:space:]])?-[A-Za-z]*R)' "$resolved" || return 0
  done
  return 1
}

whole=ssh_host_keys
