# OpenRC. To be sourced by install.sh, after image/common.sh.
# shellcheck shell=sh disable=SC2034,SC2154

init_script=/etc/init.d/azure-provisioning
init_link=/etc/runlevels/default/azure-provisioning

init_detect() {
  first_file /sbin/openrc-run /usr/sbin/openrc-run /usr/bin/openrc-run
}

init_files() {
  put_first_boot
  put "$units/openrc/azure-provisioning" 755 "$init_script"
}

init_is_enabled() {
  has_link "$init_link"
}

init_enable() {
  put_link /etc/init.d/azure-provisioning "$init_link"
}

init_disable() {
  take_link "$init_link"
}

init_hint() {
  say 'ls /var/lib/azure-provisioning/boot-done    # is there after success'
  say 'cat /var/log/azure-provisioning.log'
}
