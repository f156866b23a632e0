#!/bin/sh
# Looks whether an image is ready for its first boot on Azure, and changes nothing.
#
#   install.sh --check [OPTION]...    --help has the options
#
# Works on the running machine, or on a tree with --root DIR, of which nothing is executed.
# shellcheck disable=SC2034,SC2154
# A word out of a tree must never expand to files of this machine.
set -euf

case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac
for room in environment common tree inside options manifest writable files lines program libraries reporters dhcp_clients \
  requirements plan first_boot_unit leftovers host_key_units ssh_host_keys image_checks part_checks json; do
  # shellcheck source=/dev/null
  . "$here/$room.sh"
done
units=$here/../units

usage() {
  cat <<'HELP'
Looks whether an image is ready for its first boot on Azure, and changes nothing.

Usage: install.sh --check [OPTION]...

  --root DIR    the image's tree (default: $DESTDIR, or the running machine)
  --prefix DIR  where the program is (default: $PREFIX, or /usr/local)
  --json        print an array of {"check", "status", "message", "remedy"}
  --help        this text

The status is ok, warning or failure. Exit status: 0 no failure; 1 a failure; 64 wrong usage.
HELP
}

set_option() {
  case $1 in
  --json) json=yes ;;
  *) usage_error "unknown option: $(shown "$1")" ;;
  esac
}

checks_told=0 failed=no

# tell CHECK: prints what a check has found.
tell() {
  [ "$result" != failure ] || failed=yes
  make_remedy_said "$remedy"
  if [ "$json" = yes ]; then
    [ "$checks_told" = 0 ] || say ,
    printf '  {"check": %s, "status": %s, "message": %s, "remedy": %s}' "$(json_string "$1")" "$(json_string "$result")" \
      "$(json_string "$message")" "$(json_string "$remedy_said")"
  else
    # Escaped separately, so that a long message does not cut the remedy off.
    make_printable "$message"
    printf '%s %s: %s%s\n' "$result" "$1" "$printable" "${remedy_said:+; remedy: $remedy_said}"
  fi
  checks_told=$((checks_told + 1))
}

# Where the program is not installed yet, the one that would be is looked at.
check_all() {
  read_manifest || {
    failure "$exit_bad_data" "$manifest_problem" 'correct it, or remove it and what install.sh put there by hand'
    tell manifest
  }
  check_program
  tell program
  if [ -n "$binary" ]; then
    check_checksum
    tell checksum
  else
    choose_binary "$here/../.."
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
  binary=''
  [ "$json" = no ] || say '['
  check_all
  if [ "$json" = yes ]; then
    say ''
    say ']'
  fi
  [ "$failed" = no ]
}

json=no options_with_value=''
supervised main "$@"
