# busybox init: a line in /etc/inittab. "once" runs beside the lines that follow, so that no boot hangs on the platform.
# To be sourced by install.sh, after image/common.sh.
# shellcheck shell=sh disable=SC2034,SC2154

init_inittab=/etc/inittab

init_detect() {
  first_file /sbin/init /usr/sbin/init /init /linuxrc || return 1
  case $resolved in
  */busybox | */busybox.static) return 0 ;;
  esac
  return 1
}

init_files() {
  put_first_boot
}

init_is_enabled() {
  has_lines "$init_inittab"
}

init_enable() {
  put_lines "$units/busybox/inittab" "$init_inittab" "$units/busybox/inittab.default"
}

init_disable() {
  take_lines "$units/busybox/inittab" "$init_inittab" "$units/busybox/inittab.default"
}

init_hint() {
  say 'ls /var/lib/azure-provisioning/boot-done    # is there after success'
  say 'cat /var/log/azure-provisioning.log'
}
