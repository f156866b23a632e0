#!/bin/sh
# Checks whether an image is ready for its first boot on Azure, without changing it.
#
#   install.sh --check [OPTION]...    see --help
#
# Works on the running machine, or with --root DIR on a tree, in which nothing is run.
# shellcheck disable=SC2034,SC2154
# Words from a tree must never expand to files of this machine.
set -euf +a
# In braces, which the shell reads to their end first: a copy that was cut off would do nothing, and succeed.
{

case $0 in
*/*) here=$(CDPATH='' cd -- "${0%/*}" && pwd) ;;
*) here=$(pwd) ;;
esac
# A copy that was cut off ends anywhere; each part ends by saying that it is whole.
# The part that cleans the environment would take exported ones away.
unset -v part whole
trap 'printf "Error: %s\n" "image/$part.sh is not whole: copy the whole release folder" >&2; exit 78' EXIT
for part in environment words version printable messages tools supervise checksums user_data_files paths tree mounts inside remove \
  replace inits options manifest_format manifest writable files lines program libraries cards networkd nm ifupdown dhcp_daemons \
  dhcp_clients mac_bound interface_names reporters requirements plan leftovers ssh_host_keys ssh_server resolver program_checks \
  network_checks image_checks wizards part_checks login_checks last_look json report; do
  whole=''
  # shellcheck source=/dev/null
  . "$here/$part.sh"
  [ "$whole" = "$part" ] || exit
done
trap - EXIT
use_units "$here/../units"
install_sh=${here%/*}/install.sh

usage() {
  cat <<'HELP'
Checks whether an image is ready for its first boot on Azure, without changing it.

Usage: install.sh --check [OPTION]...

  --root DIR    the image's tree (default: $DESTDIR, or the running machine)
  --prefix DIR  where the program is (default: $PREFIX, or /usr/local)
  --json        print an array of {"check", "status", "message", "remedy"}
  --quiet       print only failures, warnings and the verdict
  --version     print the version of the release
  --help        print this

The status of a check is ok, warning or failure: failures come first, then warnings, and the last line is the verdict. Exit
status: 0 no failure; 1 a failure; 64 wrong usage.
HELP
}

set_option() {
  case $1 in
  --json) json=yes ;;
  # A check changes nothing.
  --dry-run) ;;
  *) unknown_option "$1" ;;
  esac
}

# Checks the installed program, or else the one that install.sh would install.
check_all() {
  read_manifest || {
    failure "$exit_bad_data" "$manifest_problem" 'correct the file, or remove it and everything that install.sh installed by hand'
    tell manifest
  }
  check_program
  tell program
  if [ -n "$binary" ]; then
    check_checksum
    tell checksum
  else
    choose_binary "$here/.."
  fi
  for requirement in $requirements; do
    case $requirement in
    binary | checksum) continue ;;
    architecture | space) [ -n "$binary" ] || continue ;;
    esac
    "require_$requirement"
    tell "$requirement"
  done
  for image_check in $image_checks $part_checks; do
    "check_$image_check"
    tell "$image_check"
  done
}

main() {
  read_options "$@"
  require_whole_inits
  binary=''
  check_all
  print_report
  [ "$failure_count" = 0 ]
}

json=no options_with_value='' own_options='--json --dry-run'
supervised main "$@"
}
