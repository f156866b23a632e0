# Lines that install.sh keeps in a file of somebody else's, between two marks.
# shellcheck shell=sh disable=SC2034,SC2154

lines_begin='# azure-provisioning: begin'
lines_end='# azure-provisioning: end'

has_lines() {
  tree_text "$1" && grep -qxF "$lines_begin" "$resolved"
}

print_lines() {
  printf '%s\n' "$lines_begin"
  render "$1"
  printf '%s\n' "$lines_end"
}

# Sets $lines_first and $lines_last to the numbers of install.sh's lines in a file, and $lines_whole to whether they are the ones
# that it would add now. Fails if somebody changed them: they are not install.sh's any more.
#
#   find_lines SOURCE PATH
find_lines() {
  has_lines "$2" || return 1
  lines_first='' lines_last='' lines_there='' lines_number=0 lines_whole=no
  while IFS= read -r line || [ -n "$line" ]; do
    lines_number=$((lines_number + 1))
    if [ -z "$lines_first" ]; then
      [ "$line" = "$lines_begin" ] || continue
      lines_first=$lines_number
    fi
    # install.sh never adds that many.
    [ "$((lines_number - lines_first))" -lt 1000 ] || break
    lines_there=$lines_there$line$newline
    if [ "$line" = "$lines_end" ]; then
      lines_last=$lines_number
      break
    fi
  done <"$resolved"
  lines_wanted=$(print_lines "$1")$newline
  if [ "$lines_there" = "$lines_wanted" ]; then
    lines_whole=yes
    return 0
  fi
  if [ -n "$lines_last" ] && is_recorded lines "$(printf '%s' "$lines_there" | sum)" "$2"; then return 0; fi
  # The end mark is missing, or comes after somebody's lines.
  lines_wanted=${lines_wanted%"$lines_end$newline"}
  case $lines_there in
  "$lines_wanted"*) lines_last=$((lines_first - 1 + $(printf '%s' "$lines_wanted" | wc -l))) ;;
  *) return 1 ;;
  esac
}

# Adds lines at the end of a file; if there is none, it gets the text of the file WHOLE first: put_lines SOURCE PATH WHOLE
put_lines() {
  if [ "$phase" = plan ]; then
    can_write_beside "$2"
    if resolve "$2" && [ -e "$resolved" ] && [ ! -f "$resolved" ]; then
      conflict "$root$2 exists, and is not a file: move it away"
    fi
    ! tree_file "$2" || is_text "$resolved" || conflict "cannot read $resolved: $why_not"
    ! has_lines "$2" || find_lines "$1" "$2" || conflict "$(changed_lines "$2")"
    return 0
  fi
  resolve "$2"
  drop_new "$resolved"
  if has_lines "$2"; then
    if ! find_lines "$1" "$2" || [ "$lines_whole" = yes ]; then
      say "$root$2 is up to date"
      return 0
    fi
    take_lines "$@"
  fi
  [ "$dry_run" = yes ] || record lines "$(print_lines "$1" | sum)" "$2"
  if ! tree_file "$2"; then
    [ "$dry_run" = yes ] || record made - "$2"
    put_folder_of "$2"
    told write "$root$2"
    [ "$dry_run" = no ] || return 0
    resolve "$2"
    within "${resolved%/*}" replace "./${resolved##*/}" print_whole "$1" "$3" || cannot_write "$resolved"
    return 0
  fi
  told 'add lines to' "$root$2"
  [ "$dry_run" = no ] || return 0
  resolve "$2"
  put_lines_file=$resolved
  if ends_in_a_line "$put_lines_file"; then
    rewrite_through "$put_lines_file" add_lines "$1" || cannot_write "$put_lines_file"
  else
    record newline - "$2"
    rewrite_through "$put_lines_file" add_lines "$1" "$newline" || cannot_write "$put_lines_file"
  fi
}

# Makes ./new.
print_whole() {
  { cat "$2" && print_lines "$1"; } >./new && chmod 644 ./new
}

ends_in_a_line() {
  [ ! -s "$1" ] || [ -z "$(tail -c 1 "$1")" ]
}

add_lines() {
  cat && printf '%s' "${2-}" && print_lines "$1"
}

# take_lines SOURCE PATH WHOLE
take_lines() {
  [ "$phase" = act ] && has_lines "$2" || return 0
  if ! find_lines "$1" "$2"; then
    not_taken "$(changed_lines "$2")"
    return 0
  fi
  resolve "$2"
  take_lines_file=$resolved
  told 'take lines out of' "$root$2"
  [ "$dry_run" = no ] || return 0
  if is_recorded made - "$2" && [ "$(without_lines <"$take_lines_file")" = "$(cat "$3")" ]; then
    within "${take_lines_file%/*}" rm -f "./${take_lines_file##*/}" || cannot_remove "$take_lines_file"
    return 0
  fi
  if is_recorded newline - "$2" && [ "$(without_lines <"$take_lines_file" | wc -l)" = "$((lines_first - 1))" ]; then
    rewrite_through "$take_lines_file" without_lines_and_end || cannot_write "$take_lines_file"
  else
    rewrite_through "$take_lines_file" without_lines || cannot_write "$take_lines_file"
  fi
}

without_lines() {
  sed -e "${lines_first},${lines_last}d" -e "/^$lines_end\$/d"
}

# Without a newline at the end of the file, as it was before.
without_lines_and_end() {
  without_lines_rest=$(without_lines) && printf '%s' "$without_lines_rest"
}

changed_lines() {
  printf '%s' "$root$1 has lines after \"$lines_begin\" that install.sh did not add (was PREFIX another one?): remove them"
}

whole=lines
