# Changes made from within a folder. Whoever may write to a folder can swap what is in it for a link at any time, so that a
# path which was looked at may lead elsewhere a moment later. The current folder cannot be swapped: each change enters its
# folder, makes sure that it is the right one, and then names only what is in it, as "./NAME". To be sourced after tree.sh.
# shellcheck shell=sh disable=SC2034,SC2154

# Holds a file's next text while the file is replaced.
stage=./.azure-provisioning-new
# Deeper than the tree of any sane image; every parent is remembered.
deepest=500
rm_kind=''

# Prints the device and inode of a file; for a link, its own.
id_of() {
  stat -c %d:%i "$1" 2>/dev/null
}

# Enters a folder by a path without links. Fails if a link is on the way now, or if the folder is not the one that had this
# ID.
#
#   enter FOLDER [ID]
enter() {
  enter_folder=${1:-/}
  # A newline at the end of the path has to count.
  cd -P -- "$enter_folder" 2>/dev/null && [ "$(pwd -P && echo x)" = "$enter_folder${newline}x" ] || return 1
  if [ -n "${2-}" ] && [ "$(id_of .)" != "$2" ]; then return 1; fi
  entered=${enter_folder%/}
}

# Enters a folder, and makes those that are missing.
enter_or_make() {
  if [ ! -d "${1:-/}" ]; then
    enter_or_make "${1%/*}" && mkdir "./${1##*/}" || return 1
  fi
  enter "$1"
}

# Enters a folder of the current one, but not where a link leads.
enter_below() {
  below_of=$(id_of .) && cd -P "$1" 2>/dev/null && [ "$(id_of ..)" = "$below_of" ]
}

# Whether nobody but root, and the user who runs this, may write to a folder.
is_ours() {
  ours=$(stat -c '%u %a' "$1") || return 1
  case $ours in
  *[2367] | *[2367]?) return 1 ;;
  esac
  [ "${ours% *}" = 0 ] || [ "${ours% *}" = "$(id -u)" ]
}

# Whether the current folder is private, as just made; it may inherit the set-group-ID bit.
is_private() {
  private=$(stat -c '%u %a' .) || return 1
  [ "${private% *}" = "$(id -u)" ] || return 1
  case ${private#* } in
  700 | 2700) return 0 ;;
  esac
  return 1
}

# Removes a file, a link or a folder, but nothing that a link leads to and nothing that is mounted there.
#
#   remove ./NAME
remove() {
  if [ -d "$1" ] && [ ! -L "$1" ] && holds_a_mount "$entered/${1#./}"; then
    why_not='it is a mount point, or holds one: unmount that first'
    return 1
  fi
  remove_all "$1" "$step_id"
}

# Removes ./NAME with everything in it. Follows no link, not even one that replaces a folder meanwhile.
#
#   remove_all ./NAME [ID]
remove_all() {
  if [ -L "$1" ] || [ ! -d "$1" ]; then
    rm -f "$1"
  elif rm_is_safe; then
    rm -rf --one-file-system "$1"
  else
    # In a subshell, to come back into this very folder.
    (set +f && enter_below "$1" && { [ -z "${2-}" ] || [ "$(id_of .)" = "$2" ]; } && clear_folder) && rmdir "$1"
  fi
}

# Whether rm opens each folder relative to its parent, as GNU's does. Busybox's checks a path, and opens it later.
rm_is_safe() {
  [ -n "$rm_kind" ] || rm_kind=$(rm --version 2>/dev/null) || rm_kind=unknown
  case $rm_kind in
  *'(GNU coreutils)'*) return 0 ;;
  esac
  return 1
}

# Removes all that is in the current folder, and comes back to it.
clear_folder() {
  clear_above='' clear_depth=0 clear_back=no
  clear_device=$(stat -c %d .) || return 1
  while :; do
    clear_down=''
    set --
    for clear_entry in ./* ./.[!.]* ./..?*; do
      if [ -d "$clear_entry" ] && [ ! -L "$clear_entry" ]; then
        ! rmdir "$clear_entry" 2>/dev/null || continue
        # Somebody fills it faster than it is emptied, or it holds what cannot be removed.
        [ "$clear_back" = no ] || return 1
        clear_down=$clear_entry
        break
      elif [ -L "$clear_entry" ] || [ -e "$clear_entry" ]; then
        set -- "$@" "$clear_entry"
        [ $# -ge 100 ] || continue
        rm -f "$@" || return 1
        set --
      fi
    done
    [ $# = 0 ] || rm -f "$@" || return 1
    if [ -n "$clear_down" ]; then
      enter_below "$clear_down" && [ "$(stat -c %d .)" = "$clear_device" ] && [ "$clear_depth" -lt "$deepest" ] || return 1
      clear_above="$below_of $clear_above" clear_depth=$((clear_depth + 1)) clear_back=no
    elif [ -n "$clear_above" ]; then
      # It may have been moved.
      cd -P .. && [ "$(id_of .)" = "${clear_above%% *}" ] || return 1
      clear_above=${clear_above#* } clear_depth=$((clear_depth - 1)) clear_back=yes
    else
      return 0
    fi
  done
}

# Passes the text of a file through a command. Mode, owner and labels stay.
#
#   edit ./NAME COMMAND [ARGUMENT]...
edit() {
  if [ -L "$1" ] || ! is_text "$1"; then
    why_not=${why_not:-it is a symbolic link now}
    return 1
  fi
  edit_file=$1
  shift
  replace "$edit_file" pass_through "../${edit_file#./}" "$@"
}

# Makes ./new, with what a command makes of a file.
pass_through() {
  cp -a "$1" ./old && [ ! -L ./old ] && is_text ./old && cp -a ./old ./new && shift && "$@" <./old >./new
}

# Empties a file. Replaces one that has a second name, as that may be outside the tree, and one that somebody else could swap
# for a link, as opening that would empty the link's target.
#
#   empty ./NAME
empty() {
  empty_facts=$(stat -c '%d:%i %h %u:%g %a' "$1") || return 1
  # Words without blanks.
  # shellcheck disable=SC2086
  set -- "$1" $empty_facts
  if [ "$2" != "$step_id" ] || [ ! -f "$1" ]; then
    why_not=$changed
    return 1
  fi
  if [ "$3" = 1 ] && is_ours .; then
    (: >"$1")
  else
    replace "$1" make_blank "$4" "$5"
  fi
}

make_blank() {
  : >./new && chown "$1" ./new && chmod "$2" ./new
}

# Runs a command that makes ./new in a private folder, and renames that over a file. If anything fails, the old file stays.
#
#   replace ./NAME COMMAND [ARGUMENT]...
replace() {
  replace_file=$1
  shift
  new=$stage replaced=1
  if [ -d "$replace_file" ] && [ ! -L "$replace_file" ]; then
    why_not='a folder is in its place'
    return 1
  fi
  # In a subshell, to come back into this very folder, and as a redirection that fails ends some shells.
  if remove_all "$new" && mkdir -m 700 "$new" &&
    (enter_below "$new" && is_private && "$@" && put_over "../${replace_file#./}"); then
    replaced=0
  fi
  remove_all "$new" || replaced=1
  new=''
  return "$replaced"
}

# Renames ./new over a file. Without -T, a link to a folder that was put there meanwhile would take it into that folder.
put_over() {
  mv -fT ./new "$1" 2>/dev/null || { is_ours .. && [ ! -d "$1" ] && mv -f ./new "$1"; }
}

# Puts a link at a path.
#
#   make_link TARGET PATH
make_link() (
  # A real folder in its place gets the link inside it, where it does no harm.
  enter_or_make "${2%/*}" && rm -f "./${2##*/}" && ln -sn "$1" "./${2##*/}"
)
