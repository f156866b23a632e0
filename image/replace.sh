# Replaces files from within their folder. The next text of a file is made in a private folder beside it, and takes its place at
# once: a run that ends half-way leaves no half file.
# shellcheck shell=sh disable=SC2034,SC2154

# The private folder. In it, ./new is the next text, and ./old the text that it is made from.
stage=./.azure-provisioning-new

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

# Makes ./new from a file, by a command.
pass_through() {
  cp -a "$1" ./old && [ ! -L ./old ] && is_text ./old && cp -a ./old ./new && shift && "$@" <./old >./new
}

# Adds text to a file. Replaces one that somebody else could swap for a link, or that has another name elsewhere.
#
#   append ./NAME TEXT
append() {
  if [ -f "$1" ] && [ ! -L "$1" ] && append_facts=$(stat -c '%h %u %a' "$1" .) && is_only_ours "$append_facts"; then
    # A subshell, as a redirection that fails ends some shells.
    (printf '%s' "$2" >>"$1")
  else
    edit "$1" add_text "$2"
  fi
}

# Whether a file has one name, and its folder is ours: takes the count of names, the owner and the mode of both, a line each.
is_only_ours() {
  case $1 in '1 '*"$newline"*) ;; *) return 1 ;; esac
  only_ours=${1#*"$newline"}
  are_ours "${only_ours#* }"
}

add_text() {
  cat && printf '%s' "$1"
}

# Empties a file. Replaces one that somebody else could swap for a link, as opening that would empty the link's target, or that
# has another name, as that may be outside the tree.
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
    if is_mounted_on "$entered/${1#./}"; then
      why_not='it is a mount point: unmount that first'
      return 1
    fi
    (: >"$1")
  else
    replace "$1" make_blank "$4" "$5"
  fi
}

make_blank() {
  : >./new && chown "$1" ./new && chmod "$2" ./new
}

# Runs a command that makes ./new in the private folder, and renames that over a file. If anything fails, the old file stays.
#
#   replace ./NAME COMMAND [ARGUMENT]...
replace() {
  replace_file=$1
  shift
  if [ -d "$replace_file" ] && [ ! -L "$replace_file" ]; then
    why_not='a folder is in its place'
    return 1
  fi
  on_stage replace_from_stage "$@"
}

replace_from_stage() {
  "$@" && put_over "../${replace_file#./}"
}

# Renames ./new over a file or a link. Without -T, a link to a folder that was put there meanwhile would take it into that folder.
put_over() {
  command mv -fT ./new "$1" 2>/dev/null ||
    { is_ours .. && { [ ! -L "$1" ] || rm -f "$1"; } && [ ! -d "$1" ] && mv -f ./new "$1"; }
}

# Makes a link, and the folders that it needs.
#
#   make_link TARGET PATH
make_link() (
  enter_or_make "${2%/*}" && replace "./${2##*/}" make_new_link "$1"
)

# Makes ./new, a link. In its place, busybox's ln would take a folder that is there for a moment for where the link goes, and by
# then something else can be there.
make_new_link() {
  ln -s "$1" ./new
}

# Removes ./NAME with everything in it, all at once if that is safe.
#
#   discard ./NAME
discard() {
  if [ -L "$1" ] || [ ! -d "$1" ] || rm_is_safe || (is_ours . && has_only_ours "$1"); then
    on_stage mv "../${1#./}" ./old
  else
    # Busybox's mv copies what it cannot rename, such as a folder of a lower layer of overlayfs, and removes it by its path.
    remove_all "$1"
  fi
}

# Whether nobody else may write to a folder, or to those below it, each of which has a single entry. Has to run in a subshell.
has_only_ours() {
  ours_next=$1
  while [ -d "$ours_next" ]; do
    enter_below "$ours_next" && is_ours . || return 1
    ours_next=./$(ls -A)
  done
}

# Runs a command from within the private folder, which is removed with ./new and ./old afterwards. A subshell, to come back into
# this very folder, and to clean up whoever calls it: a subshell takes on no traps.
on_stage() (
  trap clean_up EXIT
  trap 'clean_up 129' HUP
  trap 'clean_up 130' INT
  trap 'clean_up 141' PIPE
  trap 'clean_up 143' TERM
  drop_stage && (umask 077 && mkdir "$stage") && (enter_below "$stage" && set_new_mode 700 && "$@")
)

# A run that is ended by a signal leaves no private folder. The trap of a signal does not leave this to that of the end: the
# signal may come when that one has begun, which would not begin again.
clean_up() {
  clean_up_status=${1:-$?}
  # The programs started here inherit this, so that the signal which ends the rest spares them.
  trap '' HUP INT PIPE TERM
  drop_stage || [ "$clean_up_status" != 0 ] || clean_up_status=1
  exit "$clean_up_status"
}

# Removes the private folder. Nothing but ./new and ./old is removed from it: somebody may have put another one in its place.
drop_stage() {
  if [ -d "$stage" ] && [ ! -L "$stage" ]; then
    (enter_below "$stage" && is_private && drop_staged ./new && drop_staged ./old) || :
    rmdir "$stage"
  elif [ -L "$stage" ] || [ -e "$stage" ]; then
    rm -f "$stage"
  fi
}

drop_staged() {
  if [ -L "$1" ] || [ -e "$1" ]; then remove_all "$1"; fi
}

# Whether the folder that was just entered by enter_below is private.
is_private() {
  [ "${below_facts% *}" = "$my_id" ] || return 1
  case ${below_facts#* } in
  700 | 2700) return 0 ;;
  esac
  return 1
}

whole=replace
