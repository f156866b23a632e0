# systemd. To be sourced by install.sh, after image/common.sh.
# shellcheck shell=sh disable=SC2034,SC2154

init_unit=/etc/systemd/system/azure-provisioning.service
init_drop_in=$init_unit.d/without-hostnamed.conf
init_link=/etc/systemd/system/multi-user.target.wants/azure-provisioning.service
init_media=/etc/systemd/system/azure-provisioning-media.service
init_userdata=/etc/systemd/system/azure-provisioning-userdata.service
init_userdata_link=/etc/systemd/system/multi-user.target.wants/azure-provisioning-userdata.service

init_detect() {
  first_file /usr/lib/systemd/systemd /lib/systemd/systemd
}

init_files() {
  put_this_vm
  put "$units/systemd/azure-provisioning.service" 644 "$init_unit"
  put_media
  put "$units/systemd/azure-provisioning-media.service" 644 "$init_media"
  put_userdata
  put "$units/systemd/azure-provisioning-userdata.service" 644 "$init_userdata"
  put "$units/systemd/80-azure-provisioning.preset" 644 /etc/systemd/system-preset/80-azure-provisioning.preset
  if has_hostnamed; then
    take_file "$init_drop_in"
  else
    put "$units/systemd/without-hostnamed.conf" 644 "$init_drop_in"
  fi
}

# A link in the unit's place masks it.
init_is_enabled() {
  ! { resolve_link "$init_unit" && [ -L "$resolved" ]; } || return 1
  has_link "$init_link"
}

init_enable() {
  put_link ../azure-provisioning.service "$init_link"
}

init_disable() {
  take_link "$init_link"
}

# "systemctl enable" made it, and not install.sh.
init_leftovers() {
  take_link "$init_userdata_link"
}

init_after() {
  if [ -z "$root" ] && [ -d /run/systemd/system ] && has systemctl; then
    run systemctl daemon-reload
  fi
}

init_hint() {
  say 'systemctl status azure-provisioning.service'
  say 'journalctl -u azure-provisioning.service'
}
