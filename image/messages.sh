# What the scripts tell people. All of it is escaped, because much of it comes from a tree.
#
# Reads $dry_run: "yes" announces changes instead of making them.
# shellcheck shell=sh disable=SC2034,SC2154

exit_usage=64
exit_bad_data=65
exit_internal=70
exit_cannot_write=73
exit_not_permitted=77
exit_not_set_up=78

dry_run=no

# The file descriptor that error messages go to. While a script is supervised, another one than 2: see supervise.sh.
errors=2

say() {
  make_printable "$*"
  printf '%s\n' "$printable"
}

# If nobody can read it, for example on a full disk, the work goes on.
warn() {
  say "Warning: $*" >&"$errors" || :
}

complain() {
  say "Error: $*" >&"$errors" || :
}

# die STATUS MESSAGE...
die() {
  die_status=$1
  shift
  complain "$*"
  exit "$die_status"
}

# Why the last operation failed, as far as that is known: a clause such as "it is a symbolic link".
why_not=''

cannot_write() {
  why_not_or 'is it read-only, or the disk full?'
  die "$exit_cannot_write" "Cannot write $1: $why_not"
}

cannot_remove() {
  why_not_or 'is it read-only?'
  die "$exit_cannot_write" "Cannot remove $1: $why_not"
}

# Sets $why_not, if it is not known, to what is likely: why_not_or QUESTION
why_not_or() {
  [ -z "$why_not" ] || return 0
  why_not=$1
  [ "${my_id:-0}" = 0 ] || why_not='run as root, or as the owner of the tree'
}

# Announces a change that is about to be made, or in a dry run one that would be: told WORD PATH
told() {
  if [ "$dry_run" = yes ]; then
    say "would $1 $2"
  else
    end_if_alone
    say "$1 $2"
  fi
}

# Sets $remedy_said to a remedy made safe to print. People paste its command: if a name in it had been escaped, the command
# would act on another file.
make_remedy_said() {
  remedy_said=$1
  is_printable "$1" ||
    remedy_said='no command is given, because a name in it has unprintable characters: list it with "ls -b"'
}

whole=messages
