# busybox init: a "once" line in /etc/inittab. The lines after it do not wait for it, so it cannot hold up the boot.
# Sourced by load_init of image/inits.sh, which documents the names.
# shellcheck shell=sh disable=SC2034,SC2154

init_unit=/etc/inittab
init_network_files=/etc/inittab

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

init_is_installed() {
  has_lines "$init_unit"
}

init_is_enabled() {
  has_lines "$init_unit"
}

init_enable() {
  put_lines "$units/busybox/inittab" "$init_unit" "$units/busybox/inittab.default"
}

init_disable() {
  take_lines "$units/busybox/inittab" "$init_unit" "$units/busybox/inittab.default"
}

init_hint() {
  say 'ls /var/lib/azure-provisioning/boot-done    # exists after success'
  say 'cat /var/log/azure-provisioning.log'
}

init_service_files() {
  printf '%s\n' "/etc/init.d/$1" "/etc/init.d/S50$1"
}

# The scripts that buildroot's rcS starts.
init_service_links() {
  names_in /etc/init.d "S[0-9][0-9]$1" | while IFS= read -r init_script; do
    ! tree_file "/etc/init.d/$init_script" || ! [ -x "$resolved" ] || printf '%s\n' "/etc/init.d/$init_script"
  done
}

whole=busybox
