# SysV init. To be sourced by install.sh, after image/common.sh.
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

# In each of its levels, whatever number insserv gave it.
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

# The first of its level: the network is there before that, and ssh comes later by its name. insserv may number it anew, and
# its number stays.
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

init_leftovers() {
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
