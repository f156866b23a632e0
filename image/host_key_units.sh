# shellcheck shell=sh disable=SC2154
# A first-boot service that makes the SSH host keys that are missing, for distributions whose SSH server does not. Read by
# ssh_host_keys.sh.

host_key_unit=azure-provisioning-host-keys

# Prints the service for an init. `ssh-keygen -A` makes only keys that are missing, or empty after a power cut.
#
#   host_key_unit_text INIT SSH_KEYGEN
host_key_unit_text() {
  case $1 in
  systemd)
    cat <<UNIT
[Unit]
Description=Make the SSH host keys that are missing
Before=ssh.service sshd.service
ConditionFileNotEmpty=|!/etc/ssh/ssh_host_rsa_key
ConditionFileNotEmpty=|!/etc/ssh/ssh_host_ecdsa_key
ConditionFileNotEmpty=|!/etc/ssh/ssh_host_ed25519_key

[Service]
Type=oneshot
$(host_key_unit_environment)
ExecStart=$2 -A

[Install]
WantedBy=multi-user.target
UNIT
    ;;
  openrc)
    cat <<UNIT
#!/sbin/openrc-run
description="Make the SSH host keys that are missing"

depend() {
  need localmount
  before ssh sshd
}

start() {
  ebegin "Making the SSH host keys that are missing"
  $2 -A
  eend \$?
}
UNIT
    ;;
  sysv)
    cat <<UNIT
#!/bin/sh
### BEGIN INIT INFO
# Provides:          $host_key_unit
# Required-Start:    \$remote_fs
# Required-Stop:
# X-Start-Before:    ssh sshd
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: Make the SSH host keys that are missing
### END INIT INFO
[ "\$1" = start ] || exit 0
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
missing=''
for key in rsa ecdsa ed25519; do
  [ -s "/etc/ssh/ssh_host_\${key}_key" ] || missing=yes
done
[ -n "\$missing" ] || exit 0
$2 -A
# Services may be started side by side: SSH may have come first, and found no key.
for server in /etc/rc2.d/S[0-9][0-9]ssh /etc/rc2.d/S[0-9][0-9]sshd; do
  [ ! -x "\$server" ] || "\$server" start
done
UNIT
    ;;
  *) return 1 ;;
  esac
}

# Prints what the first-boot unit unsets, so that the list stands in one place.
host_key_unit_environment() {
  grep '^UnsetEnvironment=' "$units/systemd/azure-provisioning.service"
}

# Prints where an init has it, and the links that enable it: "FILE", then "LINK TARGET", a line each.
host_key_unit_places() {
  case $1 in
  systemd)
    echo "/etc/systemd/system/$host_key_unit.service"
    echo "/etc/systemd/system/multi-user.target.wants/$host_key_unit.service ../$host_key_unit.service"
    ;;
  openrc)
    echo "/etc/init.d/$host_key_unit"
    echo "/etc/runlevels/default/$host_key_unit /etc/init.d/$host_key_unit"
    ;;
  sysv)
    echo "/etc/init.d/$host_key_unit"
    # The first of all, so that it is done before SSH.
    for level in 2 3 4 5; do echo "/etc/rc$level.d/S01$host_key_unit ../init.d/$host_key_unit"; done
    ;;
  *) return 1 ;;
  esac
}

# Prints the files of this service that an image may have, for any init.
host_key_unit_files() {
  for host_key_init in systemd openrc; do
    # SysV has it in the same place as OpenRC.
    host_key_unit_places "$host_key_init" | head -n 1
  done
}
