#!/bin/sh
# Puts azure-provisioning into an image, or into the tree of one; --help says how. Any POSIX shell runs it, and it never
# downloads anything. What it needs lies beside it: image, units, and the program with its SHA256SUMS in dist or here.
# shellcheck disable=SC2034,SC2154
# A word out of a tree must never expand to files of this machine.
set -euf
umask 022

case $0 in
*/*) here=$(CDPATH='' cd -- "${0%/*}" && pwd) ;;
*) here=$(pwd) ;;
esac
for room in environment common tree inside options manifest writable files lines uninstall program libraries reporters \
  dhcp_clients requirements host_key_units; do
  # shellcheck source=/dev/null
  . "$here/image/$room.sh"
done
units=$here/units

usage() {
  cat <<USAGE
Usage: install.sh [OPTION]...                installs and enables azure-provisioning
       install.sh --uninstall [OPTION]...    takes back what it put there
       install.sh --check [OPTION]...        looks whether an image is ready for Azure; has a --help of its own
       install.sh --generalize [OPTION]...   readies a VM to be captured as an image; has a --help of its own

  --root DIR      the tree of an image, also of another architecture; nothing of it is run (default: \$DESTDIR, or this system)
  --prefix DIR    where the program goes (default: \$PREFIX, or /usr/local)
  --init NAME     for which init; may repeat, or be a list with commas (default: those that are found)
                  $known_inits
  --binary FILE   the compiled program, with SHA256SUMS beside it (default: dist/azure-provisioning)
  --force         installs although another provisioner, no DHCP client or no checksum was found, and over foreign files
  --dry-run       checks, and prints what it would do
  --help          prints this

With s6, the folder that s6-svscan looks into is \$S6_SCANDIR, or the first of /etc/s6/service, /service and /var/service. What
the installation found is written down, and needs not be said again.

Exit status: 0 done, 64 wrong usage, 65 the program or the manifest is not whole, 73 cannot write or remove, 78 this image
cannot run it.
USAGE
}

main() {
  action=install inits='' binary='' force=no options_with_value='--init --binary'
  read_options "$@"
  use_manifest
  clean_up_at_exit
  if [ "$action" = uninstall ]; then
    uninstall
  else
    choose_inits
    [ -n "$binary" ] || choose_binary "$here"
    check_requirements
    plan
    install
    say_how_to_check
  fi
}

hand_over() {
  tool=$here/image/${1#--}.sh
  shift
  [ -f "$tool" ] || die "$exit_not_set_up" "$tool is missing: copy the whole release folder"
  exec sh "$tool" "$@"
}

set_option() {
  case $1 in
  --init) add_inits "$2" ;;
  --binary) binary=$2 ;;
  --force) force=yes ;;
  --dry-run) dry_run=yes ;;
  --uninstall) action=uninstall ;;
  --generalize | --check) usage_error "$1 has to come first: all that follows is its own" ;;
  *) usage_error "unknown option: $(shown "$1")" ;;
  esac
}

add_inits() {
  add_inits_list=$1,
  while [ -n "$add_inits_list" ]; do
    init=${add_inits_list%%,*}
    add_inits_list=${add_inits_list#*,}
    # shellcheck disable=SC2086
    is_one_of "$init" $known_inits || usage_error "unknown init: \"$init\"; there are: $known_inits"
    # shellcheck disable=SC2086
    is_one_of "$init" $inits || inits="${inits:+$inits }$init"
  done
}

choose_inits() {
  if [ -z "$inits" ]; then
    for init in $known_inits; do
      load_init "$init"
      ! init_detect || inits="${inits:+$inits }$init"
    done
    [ -n "$inits" ] ||
      die "$exit_not_set_up" "no init was found in ${root:-this system}: name it with --init; there are: $known_inits"
  fi
  # shellcheck disable=SC2086
  if is_one_of openrc $inits && is_one_of sysv $inits; then
    usage_error 'openrc and sysv both have their script in /etc/init.d: choose one with --init'
  fi
  say "Init: $inits"
  for init in $inits; do
    load_init "$init"
    [ "$init_untested" = no ] || warn "the unit for $init is untested"
  done
}

# All of them are told before the first failure ends it.
check_requirements() {
  first_failure=0
  for requirement in $requirements; do
    "require_$requirement"
    tell_result
    # Without a program there is nothing more to look at.
    if [ "$requirement" = binary ] && [ "$result" = failure ]; then break; fi
  done
  [ "$first_failure" = 0 ] || exit "$first_failure"
}

tell_result() {
  case $result in
  ok) say "ok: $message" ;;
  warning)
    warn "$message"
    say_remedy
    ;;
  failure)
    if [ "$force" = yes ] && [ "$forceable" = yes ]; then
      warn "$message (goes on, as --force is given)"
      return 0
    fi
    complain "$message"
    say_remedy
    [ "$first_failure" != 0 ] || first_failure=$code
    ;;
  esac
}

say_remedy() {
  make_remedy_said "$remedy"
  say "  remedy: $remedy_said" >&2
}

put_everything() {
  put "$binary" 755 "$prefix/bin/azure-provisioning"
  for init in $inits; do
    load_init "$init"
    init_files
    init_enable
  done
}

plan() {
  phase=plan
  can_write_beside "$(manifest)"
  put_everything
  phase=act status=0
  while [ -n "$conflicts" ]; do
    line=${conflicts%%"$newline"*}
    conflicts=${conflicts#*"$newline"}
    case $line in
    *--force)
      [ "$force" = no ] || continue
      ;;
    esac
    complain "$line"
    status=$exit_cannot_write
  done
  [ "$status" = 0 ] || exit "$status"
}

install() {
  drop_begun_manifest
  begin_manifest
  for init in $inits; do
    [ "$dry_run" = yes ] || record init - "$init"
  done
  put_everything
  for init in $inits; do
    load_init "$init"
    init_after
  done
}

say_how_to_check() {
  [ "$dry_run" = no ] || return 0
  say ''
  say 'azure-provisioning is enabled: it runs at the next boot. To see how it went, on the VM:'
  for init in $inits; do
    load_init "$init"
    init_hint | while IFS= read -r line; do say "  $line"; done
  done
  say "To see whether the image is ready: $(quote "$here/")$(again --check)"
}

case ${1-} in
--generalize | --check) hand_over "$@" ;;
esac
supervised main "$@"
