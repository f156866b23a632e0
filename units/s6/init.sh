# s6: s6-svscan as the init, or started by it. Sourced by load_init of image/inits.sh, which documents the names.
# shellcheck shell=sh disable=SC2034,SC2154

init_service=/etc/s6/sv/azure-provisioning
init_unit=$init_service/run
# s6-svscan gets its scan directory as an argument, so the image chooses it. S6_SCANDIR names it once; the manifest remembers it.
init_earlier=$(recorded_link_to "$init_service") || init_earlier=''
init_dir=${S6_SCANDIR:-${init_earlier%/*}}
if [ -z "$init_dir" ]; then
  init_dir=/etc/s6/service
  for init_candidate in /etc/s6/service /service /var/service; do
    if tree_dir "$init_candidate"; then
      init_dir=$init_candidate
      break
    fi
  done
fi
init_dir=${init_dir%/}
init_link=$init_dir/azure-provisioning

init_detect() {
  first_file /usr/bin/s6-svscan /bin/s6-svscan /usr/sbin/s6-svscan /sbin/s6-svscan
}

init_files() {
  put_first_boot
  put "$units/s6/run" 755 "$init_unit"
  put "$units/s6/finish" 755 "$init_service/finish"
  put_link_to_run supervise
  put_link_to_run event
}

init_is_enabled() {
  has_link "$init_link"
}

init_enable() {
  hold_until_next_boot
  [ "$init_earlier" = "$init_link" ] || [ -z "$init_earlier" ] || take_link "$init_earlier"
  put_link "$init_service" "$init_link"
}

init_disable() {
  take_link "$init_link"
}

init_take_leftovers() {
  take_folder "$init_service/supervise"
  take_folder "$init_service/event"
}

init_hint() {
  say "s6-svstat $init_link    # for another scan directory, set S6_SCANDIR for install.sh"
  say 'cat /var/log/azure-provisioning.log'
}

init_service_files() {
  printf '%s\n' "/etc/s6/sv/$1/run" "$init_dir/$1/run"
}

init_service_links() {
  ! found "$init_dir/$1" || tree_file "$init_dir/$1/down" || printf '%s\n' "$init_dir/$1"
}

whole=s6
