#!/bin/sh
# Puts azure-provisioning into an image, or into the tree of one; --help says how. Any POSIX shell runs it, and it never
# downloads anything. What it needs lies beside it: tools/image, units, and the program with its SHA256SUMS in dist or here.
set -eu
umask 022

case $0 in
*/*) here=$(CDPATH='' cd -- "${0%/*}" && pwd) ;;
*) here=$(pwd) ;;
esac
# shellcheck disable=SC2034
units=$here/units

# shellcheck source=tools/image/common.sh
. "$here/tools/image/common.sh"
# shellcheck source=tools/image/files.sh
. "$here/tools/image/files.sh"
# shellcheck source=tools/image/requirements.sh
. "$here/tools/image/requirements.sh"

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

Exit status: 0 done, 64 wrong usage, 65 the program is not whole, 73 cannot write, 78 this image cannot run it.
USAGE
}

usage_error() {
  printf 'Error: %s\nTry: install.sh --help\n' "$*" >&2
  exit "$exit_usage"
}

main() {
  case ${1-} in
  --generalize | --check) hand_over "$@" ;;
  esac
  read_options "$@"
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
  tool=$here/tools/image/${1#--}.sh
  shift
  [ -f "$tool" ] || die "$exit_not_set_up" "$tool is missing: copy the whole release folder"
  exec sh "$tool" "$@"
}

read_options() {
  action=install root=${DESTDIR:-} prefix=${PREFIX:-/usr/local} inits='' binary='' force=no dry_run=no
  while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
    --root | --prefix | --init | --binary)
      [ $# -gt 0 ] || usage_error "$option needs a value"
      value=$1
      shift
      ;;
    --root=* | --prefix=* | --init=* | --binary=*)
      value=${option#*=}
      option=${option%%=*}
      ;;
    *) value='' ;;
    esac
    case $option in
    --root) root=$(not_empty "$option" "$value") ;;
    --prefix) prefix=$value ;;
    --init) add_inits "$value" ;;
    --binary) binary=$(not_empty "$option" "$value") ;;
    --force) force=yes ;;
    --dry-run) dry_run=yes ;;
    --uninstall) action=uninstall ;;
    --help | -h)
      usage
      exit 0
      ;;
    --generalize | --check) usage_error "$option has to come first: all that follows is its own" ;;
    *) usage_error "unknown option: $option" ;;
    esac
  done
  check_root
  check_prefix
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

not_empty() {
  [ -n "$2" ] || usage_error "$1 needs a value"
  printf '%s\n' "$2"
}

check_root() {
  [ -n "$root" ] || return 0
  [ -d "$root" ] || usage_error "there is no folder \"$root\""
  root=$(CDPATH='' cd -- "$root" && pwd -P)
  [ "$root" != / ] || root=''
}

# It is written into units, whose formats have their own ideas of blanks and quotes.
check_prefix() {
  case $prefix in
  *[!A-Za-z0-9/._+-]*) usage_error "PREFIX \"$prefix\" holds something else than letters, digits and /._+-" ;;
  */../* | */.. | */./* | */. | *//*) usage_error "PREFIX \"$prefix\" holds \"..\", \".\" or \"//\"" ;;
  /root | /root/* | /home | /home/* | /tmp | /tmp/* | /var/tmp | /var/tmp/* | /run | /run/* | /dev | /dev/* | /proc | /proc/* | /sys | /sys/*)
    usage_error "PREFIX \"$prefix\" is in a folder that a service does not see, or that is empty after a boot"
    ;;
  / | '') usage_error 'PREFIX is empty: such as /usr/local is needed' ;;
  /*) prefix=${prefix%/} ;;
  *) usage_error "PREFIX \"$prefix\" does not start with /" ;;
  esac
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
    printf '  remedy: %s\n' "$remedy" >&2
    ;;
  failure)
    if [ "$force" = yes ] && [ "$forceable" = yes ]; then
      warn "$message (goes on, as --force is given)"
      return 0
    fi
    printf 'Error: %s\n  remedy: %s\n' "$message" "$remedy" >&2
    [ "$first_failure" != 0 ] || first_failure=$code
    ;;
  esac
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
  phase=act
  [ -n "$conflicts" ] || return 0
  left=$conflicts status=0
  while [ -n "$left" ]; do
    line=${left%%"$newline"*}
    left=${left#*"$newline"}
    case $line in
    *--force)
      [ "$force" = no ] || continue
      ;;
    esac
    [ "$line" != "${told_line-}" ] || continue
    told_line=$line
    printf 'Error: %s\n' "$line" >&2
    status=$exit_cannot_write
  done
  [ "$status" = 0 ] || exit "$status"
}

install() {
  put_folder_of "$(manifest)"
  put_everything
  for init in $inits; do
    load_init "$init"
    init_after
    [ "$dry_run" = yes ] || record init - "$init"
  done
}

uninstall() {
  if ! tree_file "$(manifest)"; then
    say "Nothing to take back: there is no $root$(manifest) (was it installed with another PREFIX?)"
    return 0
  fi
  take_all_back
  for left in /var/lib/azure-provisioning /var/log/azure-provisioning.log; do
    resolve "$left"
    [ ! -e "$resolved" ] || say "Left, as the program made it and not install.sh: $root$left"
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
  say "To see whether the image is ready: $(quote "$here/install.sh") --check${root:+ --root $(quote "$root")}"
}

main "$@"
