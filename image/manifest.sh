# The manifest: what install.sh puts into an image, so that --uninstall removes just that. Each change is recorded before it is
# made, so that an installation can be undone wherever it was interrupted.
#
# A line each, "KIND VALUE PATH": "file SHA-256", "link TARGET", "dir -", "lines SHA-256", "made -" or "newline -" for a file that
# lines were added to, and "init - NAME".
#
# It is read once, and all of it is rejected for one line that install.sh cannot have written: see manifest_format.sh.
#
# Reads $root, $prefix and $dry_run.
# shellcheck shell=sh disable=SC2034,SC2154

prefix=/usr/local

# The complete lines, and whether the file exists.
manifest_lines='' manifest_is_there=no manifest_problem=''
# Whether the last line is incomplete, as a power cut leaves it: install.sh had not acted on it yet.
manifest_is_cut_off=no

manifest() {
  printf '%s' "$prefix/lib/azure-provisioning/manifest"
}

# Reads the manifest, or exits with an error before anything is changed.
use_manifest() {
  read_manifest || die "$exit_bad_data" "$manifest_problem. Nothing was changed: correct the file, or remove it and everything \
that install.sh installed by hand"
}

# Reads the manifest into $manifest_lines. Fails, with a sentence in $manifest_problem and no lines, if it cannot be trusted.
read_manifest() {
  manifest_lines='' manifest_is_there=no manifest_is_cut_off=no manifest_problem=''
  resolve_link "$(manifest)" || return 0
  [ -e "$resolved" ] || [ -L "$resolved" ] || return 0
  if ! manifest_file_is_sound || ! read_manifest_lines || ! manifest_folders_are_sound ||
    ! manifest_files_are_few; then
    manifest_problem="The manifest $(shown "$root$(manifest)") $manifest_problem"
    manifest_lines=''
    return 1
  fi
  manifest_is_there=yes manifest_problem=''
}

read_manifest_lines() {
  manifest_number=0
  while IFS= read -r manifest_line; do
    manifest_number=$((manifest_number + 1))
    manifest_problem="has more than $manifest_most_lines lines"
    [ "$manifest_number" -le "$manifest_most_lines" ] || return 1
    is_manifest_line "$manifest_line" || {
      make_printable "$manifest_line"
      [ "${#printable}" -le 200 ] || printable=$(printf '%s' "$printable" | cut -c 1-200)...
      manifest_problem="has a line that install.sh does not write, line $manifest_number: \"$printable\""
      return 1
    }
    manifest_lines=$manifest_lines$manifest_line$newline
  done <"$resolved"
  [ -z "$manifest_line" ] || manifest_is_cut_off=yes
}

# Sets $recorded_found to the value of the last line about a path, by kind; empty if there is none: find_recorded KIND PATH
find_recorded() {
  recorded_found=''
  while read -r recorded_kind recorded_value recorded_path; do
    if [ "$recorded_kind" = "$1" ] && [ "$recorded_path" = "$2" ]; then
      recorded_found=$recorded_value
    fi
  done <<EOF
$manifest_lines
EOF
}

# Prints it, and fails if there is none.
recorded() {
  find_recorded "$1" "$2"
  [ -n "$recorded_found" ] || return 1
  printf '%s\n' "$recorded_found"
}

# Whether there is such a line: is_recorded KIND VALUE PATH. What an earlier version installed is ours, too.
is_recorded() {
  case $newline$manifest_lines in
  *"$newline$1 $2 $3$newline"*) ;;
  *) return 1 ;;
  esac
}

# Prints the path of the last recorded link to a target.
recorded_link_to() {
  recorded_found=''
  while read -r recorded_kind recorded_value recorded_path; do
    if [ "$recorded_kind" = link ] && [ "$recorded_value" = "$1" ]; then
      recorded_found=$recorded_path
    fi
  done <<EOF
$manifest_lines
EOF
  [ -n "$recorded_found" ] || return 1
  printf '%s\n' "$recorded_found"
}

# Adds a line, unless install.sh was never here: record KIND VALUE PATH
record() {
  tree_text "$prefix/lib/azure-provisioning/manifest" || return 0
  find_recorded "$1" "$3"
  [ "$recorded_found" != "$2" ] || return 0
  within "${resolved%/*}" append "./${resolved##*/}" "$1 $2 $3$newline" || cannot_write "$resolved"
  manifest_lines="$manifest_lines$1 $2 $3$newline"
}

# Makes the manifest and the folders that it needs, all at once.
begin_manifest() {
  if [ "$manifest_is_there" = yes ]; then
    drop_cut_off_line
    return 0
  fi
  if [ "$dry_run" = yes ]; then
    put_folder_of "$(manifest)"
    return 0
  fi
  begin_top=$(manifest)
  parent_of "$begin_top"
  while [ -n "$parent" ] && ! tree_dir "$parent"; do
    begin_top=$parent
    parent_of "$begin_top"
  done
  begin_lines='' begin_folder=$(manifest)
  while [ "$begin_folder" != "$begin_top" ]; do
    begin_folder=${begin_folder%/*}
    begin_lines="dir - $begin_folder$newline$begin_lines"
    told make "$root$begin_folder/"
  done
  resolve_link "$begin_top"
  begin_file=$(manifest)
  within "${resolved%/*}" replace "./${resolved##*/}" print_manifest "${begin_file#"$begin_top"}" "$begin_lines" ||
    cannot_write "$root$(manifest)"
  manifest_is_there=yes manifest_lines=$begin_lines
}

# Makes ./new, a folder that has the manifest at a path, or the manifest itself: print_manifest PATH LINES
print_manifest() {
  print_manifest_file=./new$1
  # Access control lists of the parent can let others write.
  mkdir -p "${print_manifest_file%/*}" &&
    printf '# What install.sh installed, and --uninstall removes.\n%s' "$2" >"$print_manifest_file" &&
    chmod -R u=rwX,go=rX ./new
}

# Removes the manifest, and the folders that were made for it and are empty otherwise, all at once.
end_manifest() {
  end_top=$(manifest)
  # Only counted.
  # shellcheck disable=SC2012
  while is_recorded dir - "${end_top%/*}" && tree_dir "${end_top%/*}" && [ "$(ls -A "$resolved" | wc -l)" = 1 ]; do
    end_top=${end_top%/*}
  done
  told remove "$root$end_top"
  [ "$dry_run" = no ] || return 0
  resolve_link "$end_top"
  within "${resolved%/*}" discard "./${resolved##*/}" || cannot_remove "$resolved"
}

# Removes an incomplete line, which the next one would be added to.
drop_cut_off_line() {
  [ "$manifest_is_cut_off" = yes ] && [ "$dry_run" = no ] && tree_file "$(manifest)" || return 0
  rewrite_through "$resolved" printf '%s' "$manifest_lines" || cannot_write "$resolved"
  manifest_is_cut_off=no
}

# Removes what begin_manifest and end_manifest leave behind if they are killed.
drop_begun_manifest() {
  [ "$dry_run" = no ] || return 0
  begin_top=$(manifest)
  while [ -n "$begin_top" ]; do
    parent_of "$begin_top"
    if tree_dir "$parent" && resolve_link "$begin_top"; then drop_new "$resolved"; fi
    begin_top=$parent
  done
}

whole=manifest
