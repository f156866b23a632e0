#!/bin/sh
# Takes out of an image what belongs to the one VM that it was made from, so that the next VM from it provisions as new.
#
#   install.sh --generalize [OPTION]...    --help has the options
#
# Works on the running machine, or on a tree with --root DIR, in which nothing is executed.
# shellcheck disable=SC2034,SC2154
set -eu
umask 022

case $0 in
*/*) here=$(CDPATH='' cd -- "${0%/*}" && pwd) ;;
*) here=$(pwd) ;;
esac
for room in environment common tree inside options manifest writable files lines plan first_boot_unit dhcp_clients leftovers \
  host_key_units ssh_host_keys admin_user logs; do
  # shellcheck source=/dev/null
  . "$here/$room.sh"
done
units=$here/../units

usage() {
  cat <<'HELP'
Takes out of an image what belongs to the one VM that it was made from: the mark and state of azure-provisioning, machine
ID, SSH host keys, DHCP leases, random seeds, host name, and what other provisioners left; enables the first-boot unit again.
Lists everything before it asks; the last thing to do before the VM is shut down and captured.

Usage: install.sh --generalize [OPTION]...

  --root DIR            the image's tree (default: $DESTDIR); without it, or with /, the running machine
  --prefix DIR          where the program is (default: $PREFIX, or /usr/local)
  --dry-run             only list what would be done
  --yes                 do not ask; wants --root, also for the running machine: --root /
  --logs                logs, the journal and histories, too
  --user NAME           the user NAME, too: entries, home, mail, cron table, sudo rules
  --allow-no-login      even if nobody can log in without that user
  --keep-ssh-host-keys  all VMs of the image get the same SSH host keys
  --help                this text

Exit status: 0 done, or nothing to do; 64 wrong usage; 65 the manifest is not whole; 73 something could not be
written; 77 not permitted; 78 the image is not set up for this.
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
  *) usage_error "unknown option: $(shown "$1")" ;;
  esac
}

check_root() {
  # An empty variable in a build script must not mean this machine.
  [ "$sure" = no ] || [ -n "$named_root" ] ||
    usage_error '--yes needs --root: the tree, or --root / for the running machine'
  tree_dir /etc || usage_error "$(shown "$named_root") is no image: it has no etc"
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
  plan_seeds
  plan_other_provisioners
  if [ "$keep_host_keys" = yes ]; then
    leave "$root/etc/ssh" 'SSH host keys, as --keep-ssh-host-keys says: all VMs of this image have the same'
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
      plan_step enable "enable_unit_for_$init" "$resolved" "the first-boot unit, for $init"
    }
  done
  [ "$installed" = yes ] || leave "$root/" 'no first-boot unit of azure-provisioning is installed: install.sh does that'
}

enable_unit_for_systemd() { enable_unit systemd; }
enable_unit_for_openrc() { enable_unit openrc; }
enable_unit_for_sysv() { enable_unit sysv; }
enable_unit_for_runit() { enable_unit runit; }
enable_unit_for_busybox() { enable_unit busybox; }
enable_unit_for_s6() { enable_unit s6; }
enable_unit_for_finit() { enable_unit finit; }
enable_unit_for_dinit() { enable_unit dinit; }

show() {
  if [ -n "$root" ]; then place="the image in $(shown "$root")"; else place='THIS RUNNING MACHINE'; fi
  if [ "$plan_length" = 0 ]; then
    say "Nothing to do: $place is generalised."
  else
    say "To generalise $place:"
    show_plan
  fi
  [ -z "$left" ] || printf 'Left as it is:\n%s' "$left"
}

confirm() {
  [ "$sure" = no ] || return 0
  [ -t 0 ] || die "$exit_usage" 'Nothing was changed: there is no terminal to ask on; say --yes'
  printf 'Type "yes" to do this: ' >&2
  read -r answer || answer=
  [ "$answer" = yes ] || {
    say 'Nothing was changed.'
    exit 0
  }
}

work() {
  follow_plan
  if [ "$failures" != 0 ]; then
    warn "of $plan_length steps, $failures failed; all others are done"
    [ "$(id -u)" = 0 ] || exit "$exit_not_permitted"
    exit "$exit_cannot_write"
  fi
  say "Generalised $place; steps done: $plan_length."
  [ -n "$root" ] || say 'Shut it down and capture it now: the next boot provisions it.'
  if [ -z "$root" ] && [ "$with_logs" = yes ]; then
    say "Leave this shell with 'kill -9 \$\$', or it writes its history again."
  fi
}

main() {
  read_options "$@"
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
  clean_up_at_exit
  work
}

sure=no with_logs=no user='' no_login=no keep_host_keys=no options_with_value=--user
supervised main "$@"
