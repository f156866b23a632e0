# Works from within a folder. Whoever may write to a folder can swap its files for links at any time, so that a path which was
# checked may lead elsewhere a moment later. The current folder cannot be swapped: each change enters its folder, makes sure
# that it is the right one, and then names only what is in it, as "./NAME".
# shellcheck shell=sh disable=SC2034,SC2154

my_id=$(id -u 2>/dev/null) || my_id=''

# Prints the device and inode of a file; for a link, its own.
id_of() {
  stat -c %d:%i "$1" 2>/dev/null
}

# Enters a folder by a path without links. Fails if a link is on the path now, or if the folder is not the one that had this
# ID.
#
#   enter FOLDER [ID]
enter() {
  enter_folder=${1:-/}
  # What is changed there may be a link that leads elsewhere.
  plain_folders=$newline linked_folders=$newline
  # The second "cd" finds out where the first one led, as "pwd -P" would, but without a process.
  cd -P -- "$enter_folder" 2>/dev/null && cd -P . 2>/dev/null && [ "$PWD" = "$enter_folder" ] || return 1
  # bash and ksh say where they meant to go.
  [ -z "${BASH_VERSION-}${KSH_VERSION-}${ZSH_VERSION-}${YASH_VERSION-}${POSH_VERSION-}" ] ||
    [ "$(env pwd -P 2>/dev/null && echo x)" = "$enter_folder${newline}x" ] || return 1
  if [ -n "${2-}" ] && [ "$(id_of .)" != "$2" ]; then return 1; fi
  entered=${enter_folder%/}
}

# Runs a command from within a folder, which is given by a path without links.
#
#   within FOLDER COMMAND [ARGUMENT]...
within() {
  why_not=''
  if ! enter "$1"; then
    cd /
    [ ! -d "${1:-/}" ] || [ ! -x "${1:-/}" ] || why_not='a folder on its path has changed: run this again'
    return 1
  fi
  shift
  within_status=0
  "$@" || within_status=$?
  # The folder may be removed next.
  cd /
  return "$within_status"
}

# Enters a folder, and makes those that are missing.
enter_or_make() {
  if [ ! -d "${1:-/}" ]; then
    enter_or_make "${1%/*}" && make_folder "./${1##*/}" || return 1
  fi
  enter "$1"
}

# Enters a folder of the current one, but not where a link leads. Sets $below_facts to its owner and mode.
enter_below() {
  below_of=$(stat -c %d:%i . 2>/dev/null) && cd -P "$1" 2>/dev/null && below_facts=$(stat -c '%d:%i %u %a' .. . 2>/dev/null) ||
    return 1
  case $below_facts in "$below_of "*"$newline"*) ;; *) return 1 ;; esac
  below_facts=${below_facts#*"$newline"}
  below_facts=${below_facts#* }
}

# Makes ./NAME, a folder that everybody may read.
make_folder() {
  mkdir "$1" && (enter_below "$1" && set_new_mode 755)
}

# Sets the mode of the current folder, which was just made, and entered by enter_below; the set-group-ID bit may be inherited. A
# folder that somebody put in its place is not theirs, or not empty. "mkdir -m" would not do: busybox's sets the mode by path,
# through a link.
set_new_mode() {
  # Nobody else can change the mode of a folder of ours.
  is_empty && [ "${below_facts% *}" = "$my_id" ] || return 1
  case ${below_facts#* } in
  "$1" | "2$1") ;;
  # Access control lists of the parent can set any mode.
  *) chmod "$1" . && is_empty ;;
  esac
}

is_empty() {
  [ -z "$(ls -A)" ]
}

# Whether only root, and the user who runs this, may write to a folder.
is_ours() {
  ours=$(stat -c '%u %a' "$1") && are_ours "$ours"
}

# The same of an owner and a mode: are_ours 'OWNER MODE'
are_ours() {
  case $1 in
  *[2367] | *[2367]?) return 1 ;;
  esac
  [ "${1% *}" = 0 ] || [ "${1% *}" = "$my_id" ]
}

whole=inside
