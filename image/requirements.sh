# What the program needs of a machine. It is read from the tree, and nothing in the tree is run.
#
# Each function require_*, here and in program.sh, libraries.sh and reporters.sh, sets
#   $result      ok, warning or failure
#   $message     what was found
#   $remedy      what to do about it; empty if ok
#   $code        the exit status that install.sh fails with
#   $forceable   whether --force goes on nevertheless
# $root is the tree, $prefix the folder to install into, and $binary the program.
# shellcheck shell=sh disable=SC2034,SC2154

# In the order of the reports; a function require_NAME each.
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
  # Without -P, a line with a long name is broken.
  space_line=$(df -Pk "$nearest" 2>/dev/null | tail -n 1) || space_line=''
  # shellcheck disable=SC2086
  set -- $space_line
  # The names of the device and of the mount point may have blanks; only the fields between them do not. The last of these is a
  # percentage.
  while [ $# -ge 3 ]; do
    case $3 in
    *%) break ;;
    esac
    shift
  done
  case ${2-} in
  '' | *[!0-9]*)
    warning "the free space of $nearest could not be read" "make sure that it has $((space_needed / 1024)) MiB"
    return 0
    ;;
  esac
  space_free=$2
  if tree_text "$space_target" 1024 && same_as "$resolved" <"$binary"; then
    ok 'the program is installed already: no space is needed'
  elif [ "$space_free" -lt "$space_needed" ]; then
    failure "$exit_cannot_write" "$nearest has $((space_free / 1024)) MiB free, but $((space_needed / 1024)) MiB are needed" \
      'free some space, or choose another folder with PREFIX'
  else
    ok "$nearest has $((space_free / 1024)) MiB free"
  fi
}

# hostnamectl asks a daemon to set the name, over D-Bus.
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
    failure "$exit_not_set_up" 'no DHCP client is installed: the VM would have no network, because Azure configures it by DHCP' \
      "install one: $dhcp_client_packages; or go on with --force if something else configures it"
    forceable=yes
  fi
}

whole=requirements
