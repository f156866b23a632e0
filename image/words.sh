# Small helpers that POSIX sh lacks.
# shellcheck shell=sh disable=SC2034

newline='
'

# Whether a word is among others: is_one_of WORD WORDS...
is_one_of() {
  is_one_of_word=$1
  shift
  for is_one_of_other in "$@"; do
    [ "$is_one_of_other" != "$is_one_of_word" ] || return 0
  done
  return 1
}

# Whether this machine has a program.
has() {
  command -v "$1" >/dev/null 2>&1
}

# Sets $parent to the folder of a path; empty for the topmost, and for a path without a slash.
parent_of() {
  parent=${1%/*}
  [ "$parent" != "$1" ] || parent=''
}

whole=words
