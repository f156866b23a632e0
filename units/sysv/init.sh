# SysV init. To be sourced by install.sh, after tools/image/common.sh.
# shellcheck shell=sh disable=SC2034,SC2154

init_script=/etc/init.d/azure-provisioning
# What insserv writes and startpar reads: a script that it does not name is not started, whatever its links.
init_targets=/etc/init.d/.depend.start

# Debian's has rcN.d in /etc, others have it in /etc/rc.d.
if ! tree_dir /etc/rc2.d && tree_dir /etc/rc.d/rc2.d; then init_levels=/etc/rc.d; else init_levels=/etc; fi

# OpenRC may sit on top of it, and has a script of its own in the same place.
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
  put "$units/sysv/azure-provisioning" 755 "$init_script"
}

init_is_enabled() {
  if tree_file "$init_targets"; then
    grep -q '^TARGETS =.* azure-provisioning\( .*\)*$' "$resolved" || return 1
  fi
  for init_level in 2 3 4 5; do
    ! has_link "$init_levels/rc$init_level.d/S01azure-provisioning" || return 0
  done
  return 1
}

# The first of its level: the network is there before that, and ssh comes later by its name. insserv may number it anew.
init_enable() {
  for init_level in 2 3 4 5; do
    take_link "$init_levels/rc$init_level.d/K01azure-provisioning"
    put_link ../init.d/azure-provisioning "$init_levels/rc$init_level.d/S01azure-provisioning"
  done
  init_add_target
}

init_add_target() {
  [ "$phase" = act ] && tree_file "$init_targets" || return 0
  init_targets_file=$resolved
  ! grep -q '^TARGETS =.* azure-provisioning\( .*\)*$' "$init_targets_file" || return 0
  told 'add azure-provisioning to' "$root$init_targets"
  [ "$dry_run" = yes ] ||
    rewrite "$init_targets_file" "$(sed 's/^TARGETS =.*$/& azure-provisioning/' "$init_targets_file")"
}

init_leftovers() {
  tree_file "$init_targets" || return 0
  init_targets_file=$resolved
  grep -q '^TARGETS =.* azure-provisioning\( .*\)*$' "$init_targets_file" || return 0
  told 'take azure-provisioning out of' "$root$init_targets"
  [ "$dry_run" = yes ] ||
    rewrite "$init_targets_file" "$(sed '/^TARGETS =/s/ azure-provisioning\( .*\)*$/\1/' "$init_targets_file")"
}

init_disable() {
  for init_level in 2 3 4 5; do
    init_disable_in "$init_levels/rc$init_level.d"
  done
}

init_disable_in() {
  resolve "$1" || return 0
  for init_disable_link in "$resolved"/[SK][0-9][0-9]azure-provisioning; do
    [ ! -L "$init_disable_link" ] || take_link "${init_disable_link#"$root"}"
  done
}

init_hint() {
  say 'service azure-provisioning status'
  say 'cat /var/log/azure-provisioning.log'
}
