# SysV init. Sourced by load_init of image/inits.sh, which documents the names.
# shellcheck shell=sh disable=SC2034,SC2154

init_unit=/etc/init.d/azure-provisioning
init_network_files=/etc/inittab
# insserv writes it and startpar reads it: scripts that it does not name are not started, whatever their links.
init_targets=/etc/init.d/.depend.start

# Debian has rcN.d in /etc, others have it in /etc/rc.d.
if ! tree_dir /etc/rc2.d && tree_dir /etc/rc.d/rc2.d; then init_levels=/etc/rc.d; else init_levels=/etc; fi
if tree_dir /etc/rc2.d; then init_host_keys_unit=/etc/init.d/azure-provisioning-host-keys; fi

# Not if OpenRC, which has its script in the same place, sits on top of it.
init_detect() {
  first_file /sbin/telinit /usr/sbin/telinit || return 1
  case $resolved in
  *systemctl*) return 1 ;;
  esac
  tree_file /etc/inittab || return 1
  ! first_file /sbin/openrc-run /usr/sbin/openrc-run /usr/bin/openrc-run
}

init_files() {
  put_first_boot
  put "$units/sysv/azure-provisioning" 755 "$init_unit"
}

# In each of its levels, with whatever number insserv gave it.
init_is_enabled() {
  if tree_file "$init_targets"; then is_target || return 1; fi
  for init_level in 2 3 4 5; do
    [ -n "$(links_in "$init_level" S)" ] || return 1
  done
}

# Prints the paths of the links that a level has of a kind, S or K.
links_in() {
  for init_found in $(names_in "$init_levels/rc$1.d" "$2[0-9][0-9]azure-provisioning"); do
    ! has_link "$init_levels/rc$1.d/$init_found" || printf '%s\n' "$init_levels/rc$1.d/$init_found"
  done
}

# It comes first in its level: the network is up before that level, and ssh comes later by its name. insserv may renumber it; the
# new number stays.
init_enable() {
  for init_level in 2 3 4 5; do
    init_first=''
    for init_link in $(links_in "$init_level" S); do
      if [ -z "$init_first" ]; then init_first=$init_link; else take_link "$init_link"; fi
    done
    put_link ../init.d/azure-provisioning "${init_first:-$init_levels/rc$init_level.d/S01azure-provisioning}"
    for init_link in $(links_in "$init_level" K); do take_link "$init_link"; done
  done
  init_add_target
}

is_target() {
  tree_text "$init_targets" && grep -q '^TARGETS =.* azure-provisioning\( .*\)*$' "$resolved"
}

init_add_target() {
  [ "$phase" = act ] && tree_text "$init_targets" || return 0
  drop_new "$resolved"
  ! is_target || return 0
  change_targets 'add azure-provisioning to' 's/^TARGETS =.*$/& azure-provisioning/'
}

init_take_leftovers() {
  tree_text "$init_targets" || return 0
  drop_new "$resolved"
  ! is_target || change_targets 'take azure-provisioning out of' '/^TARGETS =/s/ azure-provisioning\( .*\)*$/\1/'
}

change_targets() {
  told "$1" "$root$init_targets"
  [ "$dry_run" = yes ] || rewrite_through "$resolved" sed "$2" || cannot_write "$resolved"
}

init_disable() {
  for init_level in 0 1 2 3 4 5 6 S; do
    for init_link in $(links_in "$init_level" '[SK]'); do take_link "$init_link"; done
  done
}

init_hint() {
  say 'service azure-provisioning status'
  say 'cat /var/log/azure-provisioning.log'
}

init_plan_leftovers() {
  plan_path "$seed" /var/lib/urandom/random-seed
}

init_service_files() {
  printf '%s\n' "/etc/init.d/$1" "/etc/init.d/S50$1"
}

init_service_links() {
  links_in_folders /etc 'rc[S2345].d' "S[0-9][0-9]$1"
  links_in_folders /etc/rc.d 'rc[S2345].d' "S[0-9][0-9]$1"
}

init_print_host_keys() {
  cat <<UNIT
#!/bin/sh
### BEGIN INIT INFO
# Provides:          azure-provisioning-host-keys
# Required-Start:    \$remote_fs
# Required-Stop:
# X-Start-Before:    ssh sshd
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: Make missing SSH host keys
### END INIT INFO
[ "\$1" = start ] || exit 0
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
missing=''
for key in rsa ecdsa ed25519; do
  [ -s "/etc/ssh/ssh_host_\${key}_key" ] || missing=yes
done
[ -n "\$missing" ] || exit 0
$1 -A
# Services may start in parallel: if SSH came first, it found no keys.
for server in /etc/rc2.d/S[0-9][0-9]ssh /etc/rc2.d/S[0-9][0-9]sshd; do
  [ ! -x "\$server" ] || "\$server" start
done
UNIT
}

# It comes first, so that it ends before SSH starts.
init_host_keys_links() {
  for init_level in 2 3 4 5; do
    echo "/etc/rc$init_level.d/S01azure-provisioning-host-keys ../init.d/azure-provisioning-host-keys"
  done
}

# insserv may renumber it.
init_has_host_keys_link() {
  for init_found in $(names_in "${1%/*}" 'S[0-9][0-9]azure-provisioning-host-keys'); do
    ! has_link "${1%/*}/$init_found" || return 0
  done
  return 1
}

# Nothing of the tree is run, so insserv cannot do it.
init_host_keys_are_ordered() {
  ! tree_text "$init_targets" || grep -q '^TARGETS *=.* azure-provisioning-host-keys' "$resolved"
}

init_order_host_keys() {
  awk -v unit=azure-provisioning-host-keys '
    /^TARGETS *=/ { print $0, unit; next }
    /^sshd?:/ { print $0, unit; ordered = 1; next }
    { print }
    END { if (!ordered) print "ssh: " unit }'
}

whole=sysv
