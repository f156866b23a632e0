# runit. Sourced by load_init of image/inits.sh, which documents the names.
# shellcheck shell=sh disable=SC2034,SC2154

init_service=/etc/sv/azure-provisioning
init_unit=$init_service/run

# /etc/service and /var/service are often links to a folder that exists only while runit runs.
init_dir=/etc/service
for init_candidate in /etc/runit/runsvdir/default /etc/service /var/service /service; do
  if tree_dir "$init_candidate"; then
    init_dir=$init_candidate
    break
  fi
done
init_link=$init_dir/azure-provisioning

# Not if only its supervisor is there, under another init.
init_detect() {
  tree_file /etc/runit/2 || return 1
  first_file /sbin/init /usr/sbin/init || return 1
  case $resolved in
  */runit-init | */runit) return 0 ;;
  esac
  return 1
}

init_files() {
  put_first_boot
  put "$units/runit/run" 755 "$init_unit"
  put "$units/runit/finish" 755 "$init_service/finish"
  put_link_to_run supervise
}

init_is_enabled() {
  has_link "$init_link" && ! tree_file "$init_service/down"
}

init_enable() {
  hold_until_next_boot
  # Earlier versions disabled themselves with this file.
  take_file "$init_service/down"
  put_link "$init_service" "$init_link"
}

init_disable() {
  take_link "$init_link"
}

init_take_leftovers() {
  take_file "$init_service/down"
  take_folder "$init_service/supervise"
}

init_hint() {
  say 'sv status azure-provisioning'
  say 'cat /var/log/azure-provisioning.log'
}

init_service_files() {
  printf '/etc/sv/%s/run\n' "$1"
}

init_service_links() {
  ! found "$init_dir/$1" || tree_file "$init_dir/$1/down" || printf '%s\n' "$init_dir/$1"
}

whole=runit
