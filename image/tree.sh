# Where the paths of an image really are, and changes there that stay inside of it. To be sourced after common.sh.
# shellcheck shell=sh disable=SC2154

# Sets $root from what the user named: absolute, without links, and empty for the running machine, however it was named.
use_tree() {
  root=$(CDPATH='' cd -P -- "$1" 2>/dev/null && pwd -P && echo x) || return 1
  root=${root%?x}
  if [ "$root" = / ]; then
    root=
    return 0
  fi
  # Without an answer a tree must not be taken for the running machine.
  tree_id=$(stat -c %d:%i "$root") && machine_id=$(stat -c %d:%i /) || return 1
  [ -n "$tree_id" ] && [ -n "$machine_id" ] || return 1
  if [ "$tree_id" = "$machine_id" ]; then root=; fi
}

# Sets $real to where a path of the image is, if anything is there. The links on the way stay in the tree; the last part is
# not followed.
found() {
  folder "${1%/*}" || return 1
  real=${real%/}/${1##*/}
  [ -L "$real" ] || [ -e "$real" ]
}

# Sets $real to where a folder of the image is, with all links followed inside the tree.
folder() {
  resolve "$1/" && [ -d "$resolved" ] || return 1
  real=$resolved
}

# Sets $escaped to a folder's path as the kernel writes it in the list of mounts, with a slash at its end.
as_mounted() {
  escaped=$(
    printf '%s/' "${1%/}" | sed -e 's/\\/\\134/g' -e 's/ /\\040/g' -e 's/	/\\011/g' -e '$!s/$/\\012/' | tr -d '\n'
  )
}

# Whether something is mounted at a path or below it: `rm -r` would empty that, too.
holds_a_mount() {
  if [ ! -r /proc/self/mountinfo ]; then
    holds_a_device "$1"
    return
  fi
  as_mounted "$1"
  while read -r _ _ _ _ mounted _; do
    case $mounted/ in "$escaped"*) return 0 ;; esac
  done </proc/self/mountinfo
  return 1
}

# What can be seen without /proc: another file system, with something in it. When in doubt, it is one.
holds_a_device() {
  holds_outside=$(stat -c %d "${1%/*}/") && holds_inside=$(stat -c %d "$1") && [ "$holds_outside" = "$holds_inside" ] &&
    has find && [ "$(find "$1" | wc -l)" = "$(find "$1" -xdev | wc -l)" ] || return 0
  return 1
}

# Passes a file's text through a command. Its mode, owner and labels stay. The new text takes the old one's place at once;
# a hard link to the old text, in another tree perhaps, keeps that. Where anything fails, the old text stays.
#
#   rewrite_through FILE COMMAND [ARGUMENT]...
rewrite_through() {
  old=$1
  shift
  is_file "$old" || return 1
  new_for "$old"
  if rm -rf "$new" && cp -a "$old" "$new" && run_tool run_on_file "$old" "$new" "$@" && mv -f "$new" "$old"; then
    new=''
    return 0
  fi
  rm -rf "$new"
  new=''
  return 1
}

run_on_file() {
  passed=$1 written=$2
  shift 2
  "$@" <"$passed" >"$written"
}

is_file() {
  if [ -f "$1" ] && [ ! -L "$1" ]; then return 0; fi
  warn "$(shown "$1") is no file any more"
  return 1
}

# Prints a path so that it stays on its line, whatever it holds.
shown() {
  make_printable "$1"
  quote "$printable"
}

# Prints the names in a folder of the tree that match a pattern, a line each: names_in FOLDER PATTERN. The pattern has no blanks.
# To be called in a subshell. A name with control characters would be several lines, and is none that any program looks for.
names_in() {
  folder "$1" || return 0
  set +f
  # Unquoted, as it is a pattern.
  # shellcheck disable=SC2086
  set -- "${real%/}"/$2
  for name_in; do
    if [ ! -e "$name_in" ] && [ ! -L "$name_in" ]; then continue; fi
    name_in=${name_in##*/}
    case $name_in in *[[:cntrl:]]*) ;; *) printf '%s\n' "$name_in" ;; esac
  done
}
