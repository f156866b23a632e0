# dinit: untested, as it could not be had where this was written. To be sourced by install.sh, after image/common.sh.
# shellcheck shell=sh disable=SC2034,SC2154

init_untested=yes
init_service=/etc/dinit.d/azure-provisioning
init_link=/etc/dinit.d/boot.d/azure-provisioning

init_detect() {
  first_file /sbin/dinit /usr/sbin/dinit /usr/bin/dinit
}

init_files() {
  put_first_boot
  put "$units/dinit/azure-provisioning" 644 "$init_service"
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
