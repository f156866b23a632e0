# OpenRC. Sourced by load_init of image/inits.sh, which documents the names.
# shellcheck shell=sh disable=SC2034,SC2154

init_unit=/etc/init.d/azure-provisioning
init_link=/etc/runlevels/default/azure-provisioning
init_host_keys_unit=/etc/init.d/azure-provisioning-host-keys

init_detect() {
  first_file /sbin/openrc-run /usr/sbin/openrc-run /usr/bin/openrc-run
}

init_files() {
  put_first_boot
  put "$units/openrc/azure-provisioning" 755 "$init_unit"
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
  say 'ls /var/lib/azure-provisioning/boot-done    # exists after success'
  say 'cat /var/log/azure-provisioning.log'
}

init_plan_leftovers() {
  plan_path "$seed" /var/lib/misc/random-seed
}

init_service_files() {
  printf '/etc/init.d/%s\n' "$1"
}

init_service_links() {
  links_in_folders /etc/runlevels '*' "$1"
}

# Alpine's and Gentoo's sshd script makes them.
init_makes_host_keys() {
  service_makes_host_keys && ! is_set_in /etc/conf.d/sshd 'sshd_disable_keygen'
}

init_print_host_keys() {
  cat <<UNIT
#!/sbin/openrc-run
description="Make missing SSH host keys"

depend() {
  need localmount
  before ssh sshd
}

start() {
  ebegin "Making missing SSH host keys"
  $1 -A
  eend \$?
}
UNIT
}

init_host_keys_links() {
  echo '/etc/runlevels/default/azure-provisioning-host-keys /etc/init.d/azure-provisioning-host-keys'
}

whole=openrc
