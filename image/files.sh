# Puts files and links into a tree, and takes them away; the init.sh of each folder in units/ is written in these words. To be
# sourced after common.sh, tree.sh, manifest.sh and writable.sh.
#
# Read: $root, $prefix, $dry_run, and $phase: "plan" touches nothing and collects in $conflicts what stands in the way, "act"
# does it.
# shellcheck shell=sh disable=SC2034,SC2154,SC2317

# Runs a command, or prints it in a dry run.
run() {
  if [ "$dry_run" = yes ]; then
    say "would run: $*"
  else
    "$@"
  fi
}

sum() {
  if has sha256sum; then
    sum_line=$(sha256sum)
  elif has busybox && busybox sha256sum </dev/null >/dev/null 2>&1; then
    sum_line=$(busybox sha256sum)
  else
    sum_line=cksum:$(cksum)
  fi
  printf '%s\n' "${sum_line%% *}"
}

# The files of this repository are written for the default PREFIX.
render() {
  if [ "$prefix" = /usr/local ]; then
    cat <"$1"
  else
    sed -e "s|/usr/local/bin/azure-provisioning|$prefix/bin/azure-provisioning|g" \
      -e "s|/usr/local/lib/azure-provisioning|$prefix/lib/azure-provisioning|g" <"$1"
  fi
}

# What a dry run said that it would make.
told_folders=''

# Makes the folder of a path, with those above it.
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
  { mkdir "$resolved" && chmod 755 "$resolved"; } || cannot_write "$resolved"
}

# put SOURCE MODE PATH: a file, its paths changed for PREFIX.
put() {
  resolve "$3" || {
    can_write_beside "$3"
    return 0
  }
  put_target=$resolved
  put_sum=$(render "$1" | sum)
  put_old=''
  ! is_text "$put_target" 1024 || put_old=$(sum <"$put_target")
  if [ "$phase" = plan ]; then
    plan_put "$3"
    return 0
  fi
  drop_new "$put_target"
  if [ "$put_old" = "$put_sum" ]; then
    say "$root$3 is as it should be"
    [ "$dry_run" = yes ] || chmod "$2" "$put_target" || cannot_write "$put_target"
    return 0
  fi
  [ "$dry_run" = yes ] || record file "$put_sum" "$3"
  put_folder_of "$3"
  told write "$root$3"
  [ "$dry_run" = no ] || return 0
  resolve "$3"
  put_target=$resolved
  new_for "$put_target"
  { write_to "$new" render "$1" && chmod "$2" "$new" && mv -f "$new" "$put_target"; } || cannot_write "$put_target"
  new=''
}

plan_put() {
  can_write_beside "$1"
  if has_link "$1"; then
    conflict "$root$1 is a link, such as one that masks a unit: remove it first"
  elif [ -e "$put_target" ] && [ ! -f "$put_target" ]; then
    conflict "$root$1 is there already, and no file: move it away"
  elif [ -e "$put_target" ] && [ "$put_old" != "$put_sum" ] && ! is_recorded file "$put_old" "$1"; then
    conflict "$root$1 is there already, and not as install.sh puts it there: move it away, or overwrite it with --force"
  fi
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

# It is started by nothing that install.sh enables.
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
  if [ "$(readlink "$resolved")" = "$1" ]; then
    say "$root$2 is as it should be"
    return 0
  fi
  [ "$dry_run" = yes ] || record link "$1" "$2"
  put_folder_of "$2"
  told link "$root$2 -> $1"
  [ "$dry_run" = no ] || return 0
  resolve_link "$2"
  make_link "$1" "$resolved" || cannot_write "$resolved"
}

plan_link() {
  can_write_beside "$1"
  resolve_link "$1" || return 0
  [ -e "$resolved" ] || [ -L "$resolved" ] || return 0
  case $(readlink "$resolved") in
  */azure-provisioning | */azure-provisioning.*) ;;
  *) conflict "$root$1 is there already, and not as install.sh puts it there: move it away" ;;
  esac
}

# Removes a link, whatever it leads to.
take_link() {
  [ "$phase" = act ] && has_link "$1" || return 0
  take "$1"
}

take_file() {
  [ "$phase" = act ] && tree_file "$1" || return 0
  take "$1"
}

take_folder() {
  [ "$phase" = act ] && resolve_link "$1" || return 0
  [ -d "$resolved" ] || [ -L "$resolved" ] || return 0
  take "$1/"
}

take() {
  told remove "$root$1"
  [ "$dry_run" = yes ] || (enter "${resolved%/*}" && remove_all "./${resolved##*/}") || cannot_remove "$resolved"
}

# What a run that was killed left of a file's next text.
drop_new() {
  [ "$dry_run" = no ] || return 0
  new_for "$1"
  rm -rf "$new" || cannot_remove "$new"
  new=''
}

# For an init that would start the service at once on the running machine: it is to wait for the next boot.
hold_until_next_boot() {
  [ -z "$root" ] && [ "$phase" = act ] && [ "$dry_run" = no ] || return 0
  { cat /proc/sys/kernel/random/boot_id >/run/azure-provisioning.next-boot; } 2>/dev/null || :
}
