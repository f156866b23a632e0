# Removes what the manifest names.
# shellcheck shell=sh disable=SC2034,SC2154

# Whether something of install.sh's had to stay.
left_behind=no
# The files that were looked at, a line each: a manifest can name a large one thousands of times.
take_seen=$newline

# Reports something that stays, because it may be somebody else's now.
not_taken() {
  complain "$1"
  left_behind=yes
}

uninstall() {
  drop_begun_manifest
  if [ "$manifest_is_there" = no ]; then
    say "Nothing to uninstall: there is no $root$(manifest) (was PREFIX another one?)"
    tell_what_stays
    return 0
  fi
  # The last change first.
  take_list=''
  while IFS= read -r line; do
    take_list=$line$newline$take_list
  done <<EOF
${manifest_lines%"$newline"}
EOF
  each_line take_back_init
  each_line take_back
  each_line take_back_folder
  take_userdata
  tell_what_stays
  [ "$left_behind" = no ] || die "$exit_cannot_write" 'Not everything could be removed: correct that, and run --uninstall again'
  end_manifest
}

# Runs a function with the kind, value and path of each line of the manifest.
each_line() {
  each_left=$take_list
  while [ -n "$each_left" ]; do
    each=${each_left%%"$newline"*}
    each_left=${each_left#*"$newline"}
    each_path=${each#* }
    "$1" "${each%% *}" "${each_path%% *}" "${each_path#* }"
  done
}

take_back_init() {
  [ "$1" = init ] || return 0
  load_init "$3"
  init_disable
  init_take_leftovers
}

take_back() {
  case $1 in
  file) take_back_file "$3" ;;
  link)
    resolve_link "$3"
    drop_new "$resolved"
    if has_link "$3" && [ "$(readlink "$resolved")" = "$2" ]; then take_link "$3"; fi
    ;;
  lines | made)
    resolve "$3"
    drop_new "$resolved"
    ;;
  esac
}

# A file that somebody has changed, or replaced with a link, stays.
take_back_file() {
  case $take_seen in *"$newline$1$newline"*) return 0 ;; esac
  take_seen=$take_seen$1$newline
  resolve_link "$1" || return 0
  drop_new "$resolved"
  [ -f "$resolved" ] || [ -L "$resolved" ] || return 0
  if [ ! -L "$resolved" ] && is_text "$resolved" 1024 && is_recorded file "$(sum <"$resolved")" "$1"; then
    take_file "$1"
  else
    warn "$root$1 has changed since it was installed, and stays"
  fi
}

take_back_folder() {
  [ "$1" = dir ] && [ "$dry_run" = no ] && tree_dir "$3" || return 0
  if within "${resolved%/*}" rmdir "./${resolved##*/}" 2>/dev/null; then say "remove $root$3/"; fi
}

# The user data of a VM may be secret.
take_userdata() {
  for userdata_file in $userdata_files; do take_file "$userdata_file"; done
}

print_host_keys_unit() {
  [ -z "$init_host_keys_unit" ] || printf '%s\n' "$init_host_keys_unit"
}

tell_what_stays() {
  for stays in /var/lib/azure-provisioning /var/log/azure-provisioning.log; do
    resolve "$stays"
    [ ! -e "$resolved" ] || say "Stays, because the program made it and not install.sh: $root$stays"
  done
  for stays in $(each_init print_host_keys_unit | sort -u); do
    ! tree_file "$stays" ||
      say "Stays, because --generalize installed it for SSH, which may have no host keys without it: $root$stays"
  done
}

whole=uninstall
