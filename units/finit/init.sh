# finit. Sourced by load_init of image/inits.sh, which documents the names.
# shellcheck shell=sh disable=SC2034,SC2154

init_unit=/etc/finit.d/available/azure-provisioning.conf
init_link=/etc/finit.d/enabled/azure-provisioning.conf
init_network_files=/etc/finit.conf

init_detect() {
  first_file /sbin/finit /usr/sbin/finit
}

init_files() {
  put_first_boot
  put "$units/finit/azure-provisioning.conf" 644 "$init_unit"
}

init_is_enabled() {
  has_link "$init_link"
}

init_enable() {
  hold_until_next_boot
  put_link ../available/azure-provisioning.conf "$init_link"
}

init_disable() {
  take_link "$init_link"
}

init_hint() {
  say 'initctl status azure-provisioning'
  say 'cat /var/log/azure-provisioning.log'
}

init_service_files() {
  printf '%s\n' "/etc/finit.d/available/$1.conf" "/etc/finit.d/$1.conf"
}

init_service_links() {
  for init_file in "/etc/finit.d/enabled/$1.conf" "/etc/finit.d/$1.conf"; do
    ! found "$init_file" || printf '%s\n' "$init_file"
  done
}

whole=finit
