# Which tree the scripts work on.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $root from the folder that the user named: an absolute path without links, or "" for the running machine, however it was
# named.
use_tree() {
  root=$(CDPATH='' cd -P -- "$1" 2>/dev/null && pwd -P && echo x) || return 1
  root=${root%?x}
  if [ "$root" = / ]; then
    root=
    return 0
  fi
  # Without an answer, a tree must not be taken for the running machine.
  tree_id=$(stat -c %d:%i "$root") && machine_id=$(stat -c %d:%i /) || return 1
  [ -n "$tree_id" ] && [ -n "$machine_id" ] || return 1
  if [ "$tree_id" = "$machine_id" ]; then root=; fi
}


whole=tree
