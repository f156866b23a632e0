#!/bin/sh
# Removes from an image what belongs to the VM that it was made from, so that every VM made from it provisions as a new one.
#
#   install.sh --generalize [OPTION]...    see --help
#
# Works on the running machine, or with --root DIR on a tree, in which nothing is run.
# shellcheck disable=SC2034,SC2154
# Patterns are needed, whatever options a shell takes from its environment.
set -eu +f +a
# In braces, which the shell reads to their end first: a copy that was cut off would do nothing, and succeed.
{
umask 022

case $0 in
*/*) here=$(CDPATH='' cd -- "${0%/*}" && pwd) ;;
*) here=$(pwd) ;;
esac
# A copy that was cut off ends anywhere; each part ends by saying that it is whole.
# The part that cleans the environment would take exported ones away.
unset -v part whole
trap 'printf "Error: %s\n" "image/$part.sh is not whole: copy the whole release folder" >&2; exit 78' EXIT
for part in environment words version printable messages tools supervise checksums user_data_files paths tree mounts inside remove \
  replace inits options manifest_format manifest writable files lines plan dhcp_clients mac_bound leftovers foreign_links \
  ssh_host_keys admin_user admin_rules logs; do
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
Removes from an image what belongs to the VM that it was made from: the mark and state of azure-provisioning, machine ID,
SSH host keys, DHCP leases, random seeds, host name, and the state of other provisioners; enables the first-boot unit again.
Lists everything before it asks. Run it last, before the VM is shut down and captured.

Usage: install.sh --generalize [OPTION]...

  --root DIR            the image's tree (default: $DESTDIR); without it, or with /, the running machine
  --prefix DIR          where the program is (default: $PREFIX, or /usr/local)
  --dry-run             only list what would be done
  --yes                 do not ask; requires --root, also for the running machine: --root /
  --logs                also remove logs, the journal and histories
  --user NAME           also remove the user NAME: entries, home, mail, cron table, sudo rules
  --allow-no-login      remove that user even if nobody else can log in
  --keep-ssh-host-keys  keep the SSH host keys: all VMs of the image get the same ones
  --quiet               print only warnings and errors; requires --yes
  --version             print the version of the release
  --help                print this

Exit status: 0 done, or nothing to do; 64 wrong usage; 65 the manifest is damaged; 73 something could not be written;
77 not permitted; 78 the image is not set up for this.
HELP
}

set_option() {
  case $1 in
  --user) user=$2 ;;
  --dry-run) dry_run=yes ;;
  --yes) sure=yes ;;
  --logs) with_logs=yes ;;
  --allow-no-login) no_login=yes ;;
  --keep-ssh-host-keys) keep_host_keys=yes ;;
  *) unknown_option "$1" ;;
  esac
}

check_root() {
  # An empty variable in a build script must not mean this machine.
  [ "$sure" = no ] || [ -n "$named_root" ] ||
    usage_error '--yes requires --root: the tree, or --root / for the running machine'
  tree_dir /etc || usage_error "$(shown "$named_root") is not an image: it has no /etc"
  if [ -z "$root" ] && [ "$dry_run" = no ] && [ "$(id -u)" != 0 ]; then
    die "$exit_not_permitted" 'Only root can generalise the running machine'
  fi
}

make_plan() {
  inits=$(inits_here)
  if [ -n "$user" ]; then
    find_user "$user"
    allow_user_removal "$no_login"
  fi
  plan_own_state
  plan_units
  plan_machine_id
  plan_host_name
  plan_leases
  plan_mac_bound
  plan_seeds
  plan_other_provisioners
  if [ "$keep_host_keys" = yes ]; then
    leave "$root/etc/ssh" 'SSH host keys stay because of --keep-ssh-host-keys: all VMs of this image get the same ones'
  else
    # Names without blanks.
    # shellcheck disable=SC2046
    plan_host_keys $(inits_in_use)
  fi
  if [ -n "$user" ]; then plan_user; fi
  refuse_locked_home
  if [ "$with_logs" = yes ]; then plan_logs; fi
}

plan_units() {
  installed=no
  for init in $inits; do
    unit=$(unit_of "$init") || continue
    installed=yes
    unit_is_enabled "$init" || {
      resolve "$unit"
      plan_step enable "enable_unit $init" "$resolved" "the first-boot unit, for $init"
    }
  done
  [ "$installed" = yes ] || leave "$root/" 'no first-boot unit of azure-provisioning is installed: run install.sh'
}

show() {
  if [ -n "$root" ]; then place="the image in $(shown "$root")"; else place='THIS RUNNING MACHINE'; fi
  if [ "$plan_length" = 0 ]; then
    say "Nothing to do: $place is generalised already."
  else
    say "To generalise $place:"
    show_plan
  fi
  [ -z "$left" ] || printf 'What stays:\n%s' "$left"
}

confirm() {
  [ "$sure" = no ] || return 0
  if [ -z "$root" ]; then confirm_by='--root / --yes'; else confirm_by=--yes; fi
  [ -t 0 ] || die "$exit_usage" "Nothing was changed: there is no terminal to ask on; add $confirm_by"
  printf 'Type "yes" to do this: ' >&"$errors"
  read -r answer || answer=
  [ "$answer" = yes ] || {
    say 'Nothing was changed.'
    exit 0
  }
}

work() {
  follow_plan
  if [ "$failures" != 0 ]; then
    warn "$failures of $plan_length steps failed; all others are done"
    [ "$(id -u)" = 0 ] || exit "$exit_not_permitted"
    exit "$exit_cannot_write"
  fi
  say "Generalised $place; steps done: $plan_length."
  [ -n "$root" ] || say 'Shut it down and capture it now: its next boot provisions it.'
  if [ -z "$root" ] && [ "$with_logs" = yes ]; then
    say "Leave this shell with 'kill -9 \$\$': otherwise it writes its history again."
  fi
}

main() {
  read_options "$@"
  require_whole_inits
  if [ "$quiet" = yes ]; then
    if [ "$sure" = no ] || [ "$dry_run" = yes ]; then
      usage_error '--quiet requires --yes, and no --dry-run: otherwise the list is there to be read'
    fi
    exec >/dev/null
  fi
  check_root
  use_manifest
  make_plan
  show
  if [ "$plan_length" = 0 ]; then exit 0; fi
  if [ "$dry_run" = yes ]; then
    say 'Nothing was changed.'
    exit 0
  fi
  confirm
  work
}

links_of_others=leave
sure=no with_logs=no user='' no_login=no keep_host_keys=no options_with_value=--user
own_options='--dry-run --yes --logs --allow-no-login --keep-ssh-host-keys'
supervised main "$@"
}
