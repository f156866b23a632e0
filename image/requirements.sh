# What the first-boot program needs of a machine, read from its tree: nothing of the tree is run. To be sourced after
# writable.sh, with program.sh, libraries.sh and reporters.sh, which have functions require_*, too.
#
# Each of those prints nothing and sets
#   $result      ok, warning or failure
#   $message     what was found
#   $remedy      what to do about it; empty if all is well
#   $code        the exit status that install.sh fails with
#   $forceable   whether --force goes on all the same
# $root is the tree, $prefix where it goes to, $binary the program to put there.
# shellcheck shell=sh disable=SC2034,SC2154

# In the order in which they are told; a function require_NAME each.
requirements='binary checksum architecture libc libraries space host_name_tool dhcp_client reporters'

ok() {
  result=ok message=$1 remedy='' code=0 forceable=no
}

warning() {
  result=warning message=$1 remedy=$2 code=0 forceable=no
}

# failure CODE MESSAGE REMEDY
failure() {
  result=failure code=$1 message=$2 remedy=$3 forceable=no
}

require_space() {
  space_target=$prefix/bin/azure-provisioning
  nearest_folder "$space_target"
  space_needed=$(($(wc -c <"$binary") / 1024 + 1024))
  # A line of a long name is broken without -P.
  space_line=$(df -Pk "$nearest" 2>/dev/null | tail -n 1) || space_line=''
  # shellcheck disable=SC2086
  set -- $space_line
  # The name of the device may hold blanks; what follows does not, and the mount point may: from the percentage back.
  while [ $# -ge 3 ]; do
    case $3 in
    *%) break ;;
    esac
    shift
  done
  case ${2-} in
  '' | *[!0-9]*)
    warning "the room in $nearest could not be read" "see that it has $((space_needed / 1024)) MiB"
    return 0
    ;;
  esac
  space_free=$2
  if tree_text "$space_target" 1024 && same_content "$binary" "$resolved"; then
    ok 'the program is there already: no room needed'
  elif [ "$space_free" -lt "$space_needed" ]; then
    failure "$exit_cannot_write" "$nearest has room for $((space_free / 1024)) MiB, and $((space_needed / 1024)) MiB are needed" \
      'make room, or choose another place with PREFIX'
  else
    ok "$nearest has room for $((space_free / 1024)) MiB"
  fi
}

# hostnamectl sets the name by way of a daemon, and reaches that by D-Bus.
has_hostnamed() {
  tree_program hostnamectl && first_file /usr/lib/systemd/systemd-hostnamed /lib/systemd/systemd-hostnamed &&
    { tree_program dbus-daemon || tree_program dbus-broker; }
}

require_host_name_tool() {
  if has_hostnamed; then
    ok 'hostnamectl sets the host name'
  elif tree_program hostname; then
    ok 'hostname sets the host name'
  else
    warning 'neither hostnamectl with D-Bus nor hostname is installed: the host name takes effect at the second boot' \
      'install one: "apt-get install hostname", "dnf install hostname", or a busybox with that applet'
  fi
}

require_dhcp_client() {
  dhcp_installed=$(installed_dhcp_clients | tr '\n' ' ')
  if [ -n "$dhcp_installed" ]; then
    ok "the network can be configured by: ${dhcp_installed% }"
  else
    failure "$exit_not_set_up" 'no DHCP client is installed: the VM would have no network, and Azure configures it by DHCP' \
      "install one: $dhcp_client_packages; or go on with --force if something else does it"
    forceable=yes
  fi
}
