# Puts files, links and lines into a tree, writes down what it put there, and takes just that back. To be sourced after
# common.sh; the init.sh of each folder in units/ is written in these words.
#
# Read: $root, $prefix, $dry_run, $force, and $phase: "plan" touches nothing and collects in $conflicts what stands in the way,
# "act" does it. $units is the folder units/.
# shellcheck shell=sh disable=SC2034,SC2154,SC2317

phase=act conflicts=''
: "${prefix=/usr/local}" "${force=no}"

manifest() {
  printf '%s' "$prefix/lib/azure-provisioning/manifest"
}

# Makes one of the folders of units/ the init that the functions init_* are about.
load_init() {
  init_untested=no
  init_after() { :; }
  init_leftovers() { :; }
  # shellcheck disable=SC1090
  . "$units/$1/init.sh"
}

# Runs a command, or prints it in a dry run.
run() {
  if [ "$dry_run" = yes ]; then
    say "would run: $*"
  else
    "$@"
  fi
}

told() {
  if [ "$dry_run" = yes ]; then say "would $1 $2"; else say "$1 $2"; fi
}

conflict() {
  conflicts=$conflicts$1$newline
}

# Prints what the manifest says of a path, by kind: recorded KIND PATH. Nothing, and failure, if it says nothing.
recorded() {
  resolve "$(manifest)" && [ -f "$resolved" ] || return 1
  while read -r recorded_kind recorded_value recorded_path; do
    if [ "$recorded_kind" = "$1" ] && [ "$recorded_path" = "$2" ]; then
      recorded_found=$recorded_value
    fi
  done <"$resolved"
  [ -n "${recorded_found-}" ] || return 1
  printf '%s\n' "$recorded_found"
  unset recorded_found
}

# record KIND VALUE PATH; the last line of a kind and path counts. Without the manifest's folder install.sh was not here.
record() {
  resolve "$(manifest)" && [ -d "${resolved%/*}" ] || return 0
  [ "$(recorded "$1" "$3")" != "$2" ] || return 0
  resolve "$(manifest)"
  if [ ! -f "$resolved" ]; then
    printf '# What install.sh put here, and takes back with --uninstall.\n' >"$resolved"
  fi
  printf '%s %s %s\n' "$1" "$2" "$3" >>"$resolved"
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

# The nearest folder above a path that is there, in $nearest.
nearest_folder() {
  nearest_path=$1
  while :; do
    nearest_path=${nearest_path%/*}
    if [ -z "$nearest_path" ] || tree_dir "$nearest_path"; then break; fi
  done
  resolve "${nearest_path:-/}"
  nearest=$resolved
}

# To some shells root may write everything: a read-only file system shows when a mode is set to what it is.
can_write() {
  [ -w "$1" ] || return 1
  [ "$(id -u)" != 0 ] || chmod u+x "$1" 2>/dev/null
}

can_write_beside() {
  nearest_folder "$1"
  is_one_of "$nearest" "${nearest_writable-}" || can_write "$nearest" || {
    conflict "cannot write into $nearest: run as root, and remount it if it is read-only"
    return 0
  }
  nearest_writable=$nearest
}

# Makes the folder of a path, with those above it.
put_folder_of() {
  put_folder_path=${1%/*}
  [ -n "$put_folder_path" ] || return 0
  ! tree_dir "$put_folder_path" || return 0
  put_folder_of "$put_folder_path"
  put_folder_path=${1%/*}
  if [ "$dry_run" = yes ]; then
    case ${told_folders-} in
    *"$newline$put_folder_path$newline"*) ;;
    *) told make "$root$put_folder_path/" ;;
    esac
    told_folders=${told_folders-}$newline$put_folder_path$newline
    return 0
  fi
  told make "$root$put_folder_path/"
  resolve "$put_folder_path"
  mkdir "$resolved"
  chmod 755 "$resolved"
  put_folders=${put_folders-}$put_folder_path$newline
}

# The folders are recorded once there is a manifest to record them in.
record_folders() {
  [ -n "${put_folders-}" ] || return 0
  record_folders_left=$put_folders
  put_folders=''
  while [ -n "$record_folders_left" ]; do
    record dir - "${record_folders_left%%"$newline"*}"
    record_folders_left=${record_folders_left#*"$newline"}
  done
}

# put SOURCE MODE PATH: a file, its paths changed for PREFIX.
put() {
  resolve "$3" || die "$exit_cannot_write" "$root$3 is a circle of links"
  put_target=$resolved
  put_sum=$(render "$1" | sum)
  put_old=''
  [ ! -f "$put_target" ] || put_old=$(sum <"$put_target")
  if [ "$phase" = plan ]; then
    can_write_beside "$3"
    if resolve_link "$3" && [ -L "$resolved" ]; then
      conflict "$root$3 is a link, such as one that masks a unit: remove it first"
      return 0
    fi
    if [ -e "$put_target" ] && [ ! -f "$put_target" ]; then
      conflict "$root$3 is there already, and no file: move it away"
      return 0
    fi
    if [ -e "$put_target" ] && [ "$put_old" != "$put_sum" ] && [ "$(recorded file "$3")" != "$put_old" ]; then
      conflict "$root$3 is there already, and not as install.sh puts it there: move it away, or overwrite it with --force"
    fi
    return 0
  fi
  if [ "$put_old" = "$put_sum" ]; then
    say "$root$3 is as it should be"
    [ "$dry_run" = yes ] || chmod "$2" "$put_target"
    return 0
  fi
  put_folder_of "$3"
  told write "$root$3"
  [ "$dry_run" = no ] || return 0
  resolve "$3"
  put_target=$resolved
  put_new=${put_target%/*}/.${put_target##*/}.new
  render "$1" >"$put_new" || {
    rm -f "$put_new"
    die "$exit_cannot_write" "Cannot write $put_new: is there room on the disk?"
  }
  chmod "$2" "$put_new"
  mv -f "$put_new" "$put_target"
  record file "$put_sum" "$3"
  record_folders
}

put_first_boot() {
  put "$units/common/first-boot" 755 "$prefix/lib/azure-provisioning/first-boot"
}

# Sets $resolved to a link itself, not to where it leads; its folder's links are followed.
resolve_link() {
  resolve "${1%/*}/" || return 1
  resolved=${resolved%/}/${1##*/}
}

has_link() {
  resolve_link "$1" && [ -L "$resolved" ]
}

# put_link TARGET PATH
put_link() {
  if [ "$phase" = plan ]; then
    can_write_beside "$2"
    resolve_link "$2" || die "$exit_cannot_write" "$root$2 is in a circle of links"
    if [ -e "$resolved" ] || [ -L "$resolved" ]; then
      case $(readlink "$resolved") in
      */azure-provisioning | */azure-provisioning.*) ;;
      *) conflict "$root$2 is there already, and not as install.sh puts it there: move it away" ;;
      esac
    fi
    return 0
  fi
  resolve_link "$2"
  if [ "$(readlink "$resolved")" = "$1" ]; then
    say "$root$2 is as it should be"
    return 0
  fi
  put_folder_of "$2"
  told link "$root$2 -> $1"
  [ "$dry_run" = no ] || return 0
  resolve_link "$2"
  rm -f "$resolved"
  ln -s "$1" "$resolved"
  record link "$1" "$2"
  record_folders
}

# Removes a link, whatever it leads to.
take_link() {
  [ "$phase" = act ] && has_link "$1" || return 0
  told remove "$root$1"
  [ "$dry_run" = yes ] || rm -f "$resolved"
}

take_file() {
  [ "$phase" = act ] && tree_file "$1" || return 0
  told remove "$root$1"
  [ "$dry_run" = yes ] || rm -f "$resolved"
}

take_folder() {
  [ "$phase" = act ] || return 0
  resolve_link "$1" || return 0
  [ -d "$resolved" ] || [ -L "$resolved" ] || return 0
  told remove "$root$1/"
  [ "$dry_run" = yes ] || rm -rf "$resolved"
}

lines_begin='# azure-provisioning: begin'
lines_end='# azure-provisioning: end'

has_lines() {
  tree_file "$1" && grep -qxF "$lines_begin" "$resolved"
}

# put_lines SOURCE PATH WHOLE: lines at the end of a file; where there is none, the file WHOLE comes first.
put_lines() {
  if [ "$phase" = plan ]; then
    can_write_beside "$2"
    return 0
  fi
  if has_lines "$2"; then
    say "$root$2 is as it should be"
    return 0
  fi
  if ! tree_file "$2"; then
    put_folder_of "$2"
    told write "$root$2"
    [ "$dry_run" = no ] || return 0
    resolve "$2"
    {
      cat "$3"
      print_lines "$1"
    } >"$resolved"
    record made - "$2"
    record_folders
    return 0
  fi
  told 'add lines to' "$root$2"
  [ "$dry_run" = no ] || return 0
  resolve "$2"
  put_lines_file=$resolved
  if [ -s "$put_lines_file" ] && [ -n "$(tail -c 1 "$put_lines_file")" ]; then
    record newline - "$2"
    rewrite "$put_lines_file" "$(cat "$put_lines_file" && echo && print_lines "$1")"
  else
    rewrite "$put_lines_file" "$(cat "$put_lines_file" && print_lines "$1")"
  fi
  record lines - "$2"
}

print_lines() {
  printf '%s\n' "$lines_begin"
  render "$1"
  printf '%s\n' "$lines_end"
}

# Gives a file another text, at once and with its mode and owner: rewrite FILE TEXT
rewrite() {
  if [ -n "$2" ] && cp -p "$1" "$1.azure-provisioning" && printf '%s\n' "$2" >"$1.azure-provisioning" &&
    mv -f "$1.azure-provisioning" "$1"; then return 0; fi
  rm -f "$1.azure-provisioning"
  warn "cannot write $1: is there room on the disk?"
  return 1
}

# For an init that would start the service at once on the running machine: it is to wait for the next boot.
hold_until_next_boot() {
  [ -z "$root" ] && [ "$phase" = act ] && [ "$dry_run" = no ] || return 0
  { cat /proc/sys/kernel/random/boot_id >/run/azure-provisioning.next-boot; } 2>/dev/null || :
}

take_lines() {
  [ "$phase" = act ] && has_lines "$1" || return 0
  take_lines_file=$resolved
  told 'take lines out of' "$root$1"
  [ "$dry_run" = no ] || return 0
  if recorded made "$1" >/dev/null; then
    take_lines_rest=$(sed "/^$lines_begin\$/,/^$lines_end\$/d" "$take_lines_file" && echo .)
    if [ "$take_lines_rest" = "$(cat "$units/busybox/inittab.default" && echo .)" ]; then
      rm -f "$take_lines_file"
      return 0
    fi
  fi
  cp -p "$take_lines_file" "$take_lines_file.azure-provisioning"
  sed "/^$lines_begin\$/,/^$lines_end\$/d" "$take_lines_file" >"$take_lines_file.azure-provisioning"
  if recorded newline "$1" >/dev/null; then
    take_lines_rest=$(cat "$take_lines_file.azure-provisioning")
    printf '%s' "$take_lines_rest" >"$take_lines_file.azure-provisioning"
  fi
  mv -f "$take_lines_file.azure-provisioning" "$take_lines_file"
}

# Takes back what the manifest names; what was changed since stays, and is named.
take_all_back() {
  resolve "$(manifest)"
  take_manifest=$resolved
  take_list=''
  while IFS= read -r take_line; do
    take_list=$take_line$newline$take_list
  done <"$take_manifest"
  take_each=$take_list
  while [ -n "$take_each" ]; do
    take_line=${take_each%%"$newline"*}
    take_each=${take_each#*"$newline"}
    case $take_line in
    'init '*)
      take_line=${take_line##* }
      load_init "$take_line"
      init_disable
      init_leftovers
      ;;
    esac
  done
  take_each=$take_list
  while [ -n "$take_each" ]; do
    take_line=${take_each%%"$newline"*}
    take_each=${take_each#*"$newline"}
    take_path=${take_line#* }
    take_value=${take_path%% *}
    take_path=${take_path#* }
    case $take_line in
    'file '*) take_back_file "$take_path" ;;
    'link '*)
      if has_link "$take_path" && [ "$(readlink "$resolved")" = "$take_value" ]; then take_link "$take_path"; fi
      ;;
    esac
  done
  told remove "$root$(manifest)"
  [ "$dry_run" = yes ] || rm -f "$take_manifest"
  take_each=$take_list
  while [ -n "$take_each" ]; do
    take_line=${take_each%%"$newline"*}
    take_each=${take_each#*"$newline"}
    case $take_line in
    'dir '*)
      take_path=${take_line#dir - }
      if [ "$dry_run" = no ] && tree_dir "$take_path" && rmdir "$resolved" 2>/dev/null; then say "remove $root$take_path/"; fi
      ;;
    esac
  done
}

# A file may be recorded more than once: as an earlier version put it there, and as a later one did.
take_back_file() {
  tree_file "$1" || return 0
  if [ "$(sum <"$resolved")" = "$(recorded file "$1")" ]; then
    take_file "$1"
  else
    warn "$root$1 was changed since it was put there: it is left"
  fi
}
