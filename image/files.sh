# The words that units/*/init.sh is written in: they put files or links into a tree, or take them away again.
#
# Reads $root, $prefix, $dry_run, and $phase: "plan" changes nothing, and collects conflicts; "act" does the work.
# shellcheck shell=sh disable=SC2034,SC2154,SC2317

# Runs a command, or prints it in a dry run.
run() {
  if [ "$dry_run" = yes ]; then
    say "would run: $*"
  else
    "$@"
  fi
}

# Prints a file of this repository, changed for PREFIX.
render() {
  if [ "$prefix" = /usr/local ]; then
    cat <"$1"
  else
    sed -e "s|/usr/local/bin/azure-provisioning|$prefix/bin/azure-provisioning|g" \
      -e "s|/usr/local/lib/azure-provisioning|$prefix/lib/azure-provisioning|g" <"$1"
  fi
}

# The folders that a dry run has announced.
told_folders=''

# Makes the folder of a path, and those above it.
put_folder_of() {
  parent_of "$1"
  [ -n "$parent" ] || return 0
  ! tree_dir "$parent" || return 0
  put_folder_of "$parent"
  parent_of "$1"
  put_folder_path=$parent
  if [ "$dry_run" = yes ]; then
    case $told_folders in
    *"$newline$put_folder_path$newline"*) ;;
    *) told make "$root$put_folder_path/" ;;
    esac
    told_folders=$told_folders$newline$put_folder_path$newline
    return 0
  fi
  told make "$root$put_folder_path/"
  record dir - "$put_folder_path"
  resolve "$put_folder_path"
  within "${resolved%/*}" make_folder "./${resolved##*/}" || cannot_write "$resolved"
}

# Puts a file of this repository into the tree: put SOURCE MODE PATH
put() {
  # A link that takes the file's place after the plan is replaced, not followed.
  resolve_link "$3" || {
    can_write_beside "$3"
    return 0
  }
  put_target=$resolved
  if [ "$phase" = plan ]; then
    plan_put "$1" "$3"
    return 0
  fi
  drop_new "$put_target"
  if is_same "$1" && is_as_put "$put_target" "$2"; then
    say "$root$3 is up to date"
    return 0
  fi
  [ "$dry_run" = yes ] || record file "$(render "$1" | sum)" "$3"
  put_folder_of "$3"
  told write "$root$3"
  [ "$dry_run" = no ] || return 0
  resolve_link "$3"
  within "${resolved%/*}" replace "./${resolved##*/}" print_file "$1" "$2" || cannot_write "$resolved"
}

# Whether a file has a mode, and an owner whom nobody minds: is_as_put FILE MODE
is_as_put() {
  as_put=$(stat -c '%u %a' "$1") || return 1
  [ "$as_put" = "0 $2" ] || [ "$as_put" = "$my_id $2" ]
}

# Makes ./new: print_file SOURCE MODE
print_file() {
  render "$1" >./new && chmod "$2" ./new
}

# plan_put SOURCE PATH
plan_put() {
  [ -s "$1" ] || die "$exit_not_set_up" "$1 is missing, or empty: copy the whole release folder"
  # The program has a checksum.
  [ "$1" = "${binary-}" ] || [ -z "$(tail -c 1 "$1")" ] ||
    die "$exit_not_set_up" "$1 was cut off: copy the whole release folder"
  can_write_beside "$2"
  if has_link "$2"; then
    conflict "$root$2 is a symbolic link, such as one that masks a unit: remove it first"
  elif [ -e "$put_target" ] && [ ! -f "$put_target" ]; then
    conflict "$root$2 exists, and is not a file: move it away"
  elif [ -e "$put_target" ] && ! is_ours_to_replace "$1" "$2"; then
    conflict "$root$2 exists, and install.sh did not write it: move it away, or overwrite it with --force"
  fi
}

# Whether $put_target is a file that install.sh wrote, or the one that it would write: is_ours_to_replace SOURCE PATH
is_ours_to_replace() {
  is_same "$1" || { is_text "$put_target" 1024 && is_recorded file "$(sum <"$put_target")" "$2"; }
}

# Whether $put_target has the text of a file of this repository: is_same SOURCE
is_same() {
  [ ! -L "$put_target" ] && is_text "$put_target" 1024 && render "$1" | same_as "$put_target"
}

put_first_boot() {
  put_this_vm
  put "$units/common/first-boot" 755 "$prefix/lib/azure-provisioning/first-boot"
  put_media
  put_userdata
}

put_this_vm() {
  put "$units/common/this-vm" 755 "$prefix/lib/azure-provisioning/this-vm"
}

put_media() {
  put "$units/common/media" 755 "$prefix/lib/azure-provisioning/media"
}

# Nothing that install.sh enables starts it.
put_userdata() {
  put "$units/common/userdata" 755 "$prefix/lib/azure-provisioning/userdata"
}

# put_link TARGET PATH
put_link() {
  if [ "$phase" = plan ]; then
    plan_link "$2"
    return 0
  fi
  resolve_link "$2"
  drop_new "$resolved"
  if [ "$(readlink "$resolved")" = "$1" ]; then
    say "$root$2 is up to date"
    return 0
  fi
  [ "$dry_run" = yes ] || record link "$1" "$2"
  put_folder_of "$2"
  told link "$root$2 -> $1"
  [ "$dry_run" = no ] || return 0
  resolve_link "$2"
  within "${resolved%/*}" replace "./${resolved##*/}" make_new_link "$1" || cannot_write "$resolved"
}

plan_link() {
  can_write_beside "$1"
  resolve_link "$1" || return 0
  [ -e "$resolved" ] || [ -L "$resolved" ] || return 0
  case $(readlink "$resolved") in
  */azure-provisioning | */azure-provisioning.*) ;;
  *) conflict "$root$1 exists, and install.sh did not make it: move it away" ;;
  esac
}

# Has a supervisor keep a folder of the service in /run, as /etc may be read-only. It makes what the link leads to. One that it
# has made already, without the link, stays: put_link_to_run NAME
put_link_to_run() {
  if resolve_link "$init_service/$1" && [ -d "$resolved" ] && [ ! -L "$resolved" ]; then return 0; fi
  put_link "/run/azure-provisioning.$1" "$init_service/$1"
}

# Removes a link, wherever it leads.
take_link() {
  [ "$phase" = act ] && has_link "$1" || return 0
  take "$1" rm -f
}

# Removes a file, or a link in its place, but not what that leads to: whoever may write to the folder chooses it.
take_file() {
  [ "$phase" = act ] && resolve_link "$1" || return 0
  [ -f "$resolved" ] || [ -L "$resolved" ] || return 0
  take "$1" rm -f
}

take_folder() {
  [ "$phase" = act ] && resolve_link "$1" || return 0
  [ -d "$resolved" ] || [ -L "$resolved" ] || return 0
  take "$1/" remove_all
}

# Removes $resolved: take PATH COMMAND [ARGUMENT]...
take() {
  told remove "$root$1"
  [ "$dry_run" = no ] || return 0
  shift
  within "${resolved%/*}" "$@" "./${resolved##*/}" || cannot_remove "$resolved"
}

# Passes the text of a file through a command: rewrite_through FILE COMMAND [ARGUMENT]...
rewrite_through() {
  rewrite_file=$1
  shift
  within "${rewrite_file%/*}" edit "./${rewrite_file##*/}" "$@"
}

# Removes what a run that was killed left beside a file.
drop_new() {
  drop_folder=${1%/*}
  [ "$dry_run" = no ] || return 0
  [ -e "$drop_folder/$stage" ] || [ -L "$drop_folder/$stage" ] || return 0
  within "$drop_folder" drop_stage || cannot_remove "$drop_folder/${stage#./}"
}

# Holds back a service that the init of the running machine would start at once; it is to wait for the next boot.
hold_until_next_boot() {
  [ -z "$root" ] && [ "$phase" = act ] && [ "$dry_run" = no ] || return 0
  { cat /proc/sys/kernel/random/boot_id >/run/azure-provisioning.next-boot; } 2>/dev/null || :
}

whole=files
