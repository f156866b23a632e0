# dinit: untested, as Debian has no package of it. Sourced by load_init of image/inits.sh, which documents the names.
# shellcheck shell=sh disable=SC2034,SC2154

init_untested=yes
init_unit=/etc/dinit.d/azure-provisioning
init_link=/etc/dinit.d/boot.d/azure-provisioning

init_detect() {
  first_file /sbin/dinit /usr/sbin/dinit /usr/bin/dinit
}

init_files() {
  put_first_boot
  put "$units/dinit/azure-provisioning" 644 "$init_unit"
}

init_is_enabled() {
  has_link "$init_link"
}

init_enable() {
  put_link ../azure-provisioning "$init_link"
}

init_disable() {
  take_link "$init_link"
}

init_hint() {
  say 'dinitctl status azure-provisioning'
  say 'cat /var/log/azure-provisioning.log'
}

init_service_files() {
  printf '%s\n' "/etc/dinit.d/$1"
}

init_service_links() {
  ! found "/etc/dinit.d/boot.d/$1" || printf '%s\n' "/etc/dinit.d/boot.d/$1"
}

whole=dinit
