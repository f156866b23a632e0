# Removes files from within their folder.
# shellcheck shell=sh disable=SC2034,SC2154

# No sane image has folders nested deeper; every parent is remembered.
deepest=500
rm_kind=''

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
    # A subshell, to come back into this very folder.
    (set +f && enter_below "$1" && { [ -z "${2-}" ] || [ "$(id_of .)" = "$2" ]; } && clear_folder) && rmdir "$1"
  fi
}

# Whether rm opens each folder relative to its parent, as GNU's does. Busybox's checks a path, and opens it later.
rm_is_safe() {
  [ -n "$rm_kind" ] || rm_kind=$(command rm --version 2>/dev/null) || rm_kind=unknown
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
        # Somebody fills it faster than it is emptied, or it holds something that cannot be removed.
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

whole=remove
