#!/bin/sh
# Installs azure-provisioning into the running system, or into the tree of an image; see --help. Runs in any POSIX shell, and
# never downloads anything. It needs the folders image and units beside it, and the program with its SHA256SUMS in dist or here.
# shellcheck disable=SC2034,SC2154
# Words from a tree must never expand to files of this machine.
set -euf +a
# In braces, which the shell reads to their end first: a copy that was cut off would do nothing, and succeed.
{
umask 022

# What is missing, and where it was looked for; nothing else is there yet to say it with.
give_up() {
  printf 'Error: %s\n' "$2" >&2
  exit "$1"
}

# The folder that this file is in. Through a pipe, it has none.
here=$0 hops=0
case $here in */*) ;; *) here=./$here ;; esac
[ -f "$here" ] ||
  give_up 64 'The folder of install.sh is not known, because it was read from a pipe: run it by its path, as in "sh FOLDER/install.sh"'
while [ -L "$here" ]; do
  hops=$((hops + 1))
  if [ "$hops" -gt 40 ] || ! target=$(command -p readlink "$here"); then
    give_up 78 "The link $here cannot be followed: run install.sh by its own path"
  fi
  case $target in
  /*) here=$target ;;
  *) here=${here%/*}/$target ;;
  esac
done
here=$(CDPATH='' cd -- "${here%/*}/" && pwd)

parts='environment words version printable messages tools supervise checksums user_data_files paths tree mounts inside remove
replace inits options manifest_format manifest writable files lines uninstall program libraries dhcp_clients reporters requirements
man_pages'
# Those of --check and --generalize.
more_parts='admin_rules admin_user cards check dhcp_daemons foreign_links generalize ifupdown image_checks interface_names json
last_look leftovers login_checks logs mac_bound network_checks networkd nm part_checks plan program_checks report resolver ssh_host_keys
ssh_server wizards'
missing=''
for part in $parts $more_parts; do
  # A copy to a full disk leaves empty files.
  [ -s "$here/image/$part.sh" ] || missing="$missing image/$part.sh"
done
[ -d "$here/image" ] || missing=' image'
[ -d "$here/units" ] || missing="$missing units"
[ -z "$missing" ] || give_up 78 "Not found beside install.sh, in $here:$missing. Copy the whole release folder: install.sh, image, \
units, and dist with the program and SHA256SUMS"
# A copy that was cut off ends anywhere; each part ends by saying that it is whole.
# The part that cleans the environment would take exported ones away.
unset -v part whole
trap 'printf "Error: %s\n" "image/$part.sh is not whole: copy the whole release folder" >&2; exit 78' EXIT
for part in $parts; do
  whole=''
  # shellcheck source=/dev/null
  . "$here/image/$part.sh"
  [ "$whole" = "$part" ] || exit
done
trap - EXIT
use_units "$here/units"
install_sh=$here/install.sh

usage() {
  cat <<USAGE
Usage: install.sh [OPTION]...                installs and enables azure-provisioning
       install.sh --uninstall [OPTION]...    removes what it installed
       install.sh --check [OPTION]...        checks whether an image is ready for Azure; has its own --help
       install.sh --generalize [OPTION]...   prepares a VM to be captured as an image; has its own --help

Options may come in any order.

  --root DIR      the tree of an image, of any architecture; nothing in it is run (default: \$DESTDIR, or this system)
  --prefix DIR    where the program goes (default: \$PREFIX, or /usr/local)
  --init NAME     the init; may be repeated, or be a comma-separated list (default: those that are found)
                  $known_inits
  --binary FILE   the compiled program, with SHA256SUMS beside it (default: dist/azure-provisioning)
  --force         install despite another provisioner, no DHCP client or no checksum, and overwrite files of others
  --dry-run       check, and print what would be done
  --quiet         print only warnings and errors
  --version       print the version of the release
  --help          print this

With s6, s6-svscan's folder is \$S6_SCANDIR, or the first of /etc/s6/service, /service and /var/service. The installation
records it, so that later runs need not be told.

Exit status: 0 done, 64 wrong usage, 65 the program or the manifest is damaged, 73 cannot write or remove, 78 this image
cannot run it, or a file of the release is missing or cut off.
USAGE
}

main() {
  action=install inits='' binary='' force=no options_with_value='--init --binary' repeatable_options=--init
  own_options='--check --generalize --uninstall --force --dry-run'
  read_options "$@"
  require_whole_inits
  [ "$quiet" = no ] || exec >/dev/null
  use_manifest
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

# Hands the arguments over to another script, all but the one that asks for it, if one does: hand_over ARGUMENT...
hand_over() {
  tool='' arguments_left=$# is_value=no
  while [ "$arguments_left" -gt 0 ]; do
    argument=$1
    shift
    arguments_left=$((arguments_left - 1))
    if [ "$is_value" = no ]; then
      case $argument in
      --check | --generalize | --uninstall)
        [ -z "$tool" ] || hand_over_error "$argument"
        tool=$argument
        [ "$tool" = --uninstall ] || continue
        ;;
      esac
    fi
    case $argument in
    # Those of all scripts that take a value.
    --root | --prefix | --init | --binary | --user) [ "$is_value" = yes ] && is_value=no || is_value=yes ;;
    *) is_value=no ;;
    esac
    set -- "$@" "$argument"
  done
  case $tool in '' | --uninstall) return 0 ;; esac
  exec sh "$here/image/${tool#--}.sh" "$@"
}

hand_over_error() {
  [ "$tool" != "$1" ] || usage_error "The option $1 is given twice"
  usage_error "$tool and $1 exclude each other: choose one"
}

set_option() {
  case $1 in
  --init) add_inits "$2" ;;
  --binary)
    case $2 in
    /*) binary=$2 ;;
    *) binary=$(pwd)/$2 ;;
    esac
    ;;
  --force) force=yes ;;
  --dry-run) dry_run=yes ;;
  --uninstall) action=uninstall ;;
  *) unknown_option "$1" ;;
  esac
}

add_inits() {
  add_inits_list=$1,
  while [ -n "$add_inits_list" ]; do
    init=${add_inits_list%%,*}
    add_inits_list=${add_inits_list#*,}
    # shellcheck disable=SC2086
    is_one_of "$init" $known_inits || unknown_init
    # shellcheck disable=SC2086
    is_one_of "$init" $inits || inits="${inits:+$inits }$init"
  done
}

unknown_init() {
  # shellcheck disable=SC2086
  init_nearest=$(nearest_of "$init" $known_inits)
  usage_error "Unknown init \"$init\"${init_nearest:+; did you mean $init_nearest?}; known are: $known_inits"
}

choose_inits() {
  if [ -z "$inits" ]; then
    for init in $known_inits; do
      load_init "$init"
      ! init_detect || inits="${inits:+$inits }$init"
    done
    [ -n "$inits" ] ||
      die "$exit_not_set_up" "No init was found in ${root:-this system}: name it with --init; known are: $known_inits"
  fi
  chosen_units=''
  for init in $inits; do
    load_init "$init"
    for chosen_unit in $chosen_units; do
      [ "${chosen_unit#*:}" != "$init_unit" ] ||
        usage_error "${chosen_unit%%:*} and $init both have their unit at $init_unit: choose one with --init"
    done
    chosen_units="$chosen_units $init:$init_unit"
  done
  say "Init: $inits"
  for init in $inits; do
    load_init "$init"
    [ "$init_untested" = no ] || warn "the unit for $init is untested"
  done
}

# Reports all of them, and exits with the status of the first that failed.
check_requirements() {
  first_failure=0
  for requirement in $requirements; do
    "require_$requirement"
    tell_result
    # Without a program, there is nothing more to check.
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
      warn "$message (going on because of --force)"
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
  say "  remedy: $remedy_said" >&"$errors"
}

put_everything() {
  put "$binary" 755 "$prefix/bin/azure-provisioning"
  for init in $inits; do
    load_init "$init"
    init_files
    init_enable
  done
  put_man_pages
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
  say 'azure-provisioning is enabled, and runs at the next boot. To see how that went, on the VM:'
  for init in $inits; do
    load_init "$init"
    init_hint | while IFS= read -r line; do say "  $line"; done
  done
  say "To check whether the image is ready: $(again --check)"
}

hand_over "$@"
supervised main "$@"
}
