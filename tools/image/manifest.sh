# What install.sh writes down of what it puts into an image, so that it takes just that back. It is written down before it is
# done: an installation that is cut off anywhere can be taken back. To be sourced after common.sh.
#
# A line each, "KIND VALUE PATH": "file SHA-256", "link TARGET", "dir -", "lines SHA-256", "made -" and "newline -" of the file
# that lines were put into, and "init - NAME".
#
# Read: $root, $prefix, $dry_run.
# shellcheck shell=sh disable=SC2034,SC2154

: "${prefix=/usr/local}"

manifest() {
  printf '%s' "$prefix/lib/azure-provisioning/manifest"
}

# Prints what the manifest says of a path, by kind: recorded KIND PATH. The last line counts. Nothing, and failure, if it says
# nothing.
recorded() {
  tree_text "$(manifest)" || return 1
  recorded_found=''
  while read -r recorded_kind recorded_value recorded_path; do
    if [ "$recorded_kind" = "$1" ] && [ "$recorded_path" = "$2" ]; then
      recorded_found=$recorded_value
    fi
  done <"$resolved"
  [ -n "$recorded_found" ] || return 1
  printf '%s\n' "$recorded_found"
}

# Whether any line says so: is_recorded KIND VALUE PATH. What an earlier version put there is ours, too.
is_recorded() {
  tree_text "$(manifest)" && grep -qxF "$1 $2 $3" "$resolved"
}

# Prints the path of the last link that was put there with a target.
recorded_link_to() {
  tree_text "$(manifest)" || return 1
  recorded_found=''
  while read -r recorded_kind recorded_value recorded_path; do
    if [ "$recorded_kind" = link ] && [ "$recorded_value" = "$1" ]; then
      recorded_found=$recorded_path
    fi
  done <"$resolved"
  [ -n "$recorded_found" ] || return 1
  printf '%s\n' "$recorded_found"
}

# record KIND VALUE PATH. Without a manifest install.sh was not here.
record() {
  tree_text "$(manifest)" || return 0
  [ "$(recorded "$1" "$3")" != "$2" ] || return 0
  { printf '%s %s %s\n' "$1" "$2" "$3" >>"$resolved"; } 2>/dev/null || cannot_write "$resolved"
}

# Makes the manifest with the folders that it needs, all at once.
begin_manifest() {
  ! tree_text "$(manifest)" || return 0
  if [ "$dry_run" = yes ]; then
    put_folder_of "$(manifest)"
    return 0
  fi
  begin_top=$(manifest)
  while ! tree_dir "${begin_top%/*}"; do begin_top=${begin_top%/*}; done
  begin_lines='' begin_folder=$(manifest)
  while [ "$begin_folder" != "$begin_top" ]; do
    begin_folder=${begin_folder%/*}
    begin_lines="dir - $begin_folder$newline$begin_lines"
    told make "$root$begin_folder/"
  done
  resolve_link "$begin_top"
  begin_target=$resolved
  new_for "$begin_target"
  begin_file=$(manifest)
  begin_file=$new${begin_file#"$begin_top"}
  # In a subshell, as a redirection that fails ends some shells.
  {
    (
      rm -rf "$new" && mkdir -p "${begin_file%/*}" &&
        printf '# What install.sh put here, and takes back with --uninstall.\n%s' "$begin_lines" >"$begin_file"
    ) && mv "$new" "$begin_target"
  } || cannot_write "$root$(manifest)"
  new=''
}

# Removes the manifest, with its folders that were made for it and hold nothing else, all at once.
end_manifest() {
  end_top=$(manifest)
  # Counted, and not read.
  # shellcheck disable=SC2012
  while is_recorded dir - "${end_top%/*}" && tree_dir "${end_top%/*}" && [ "$(ls -A "$resolved" | wc -l)" = 1 ]; do
    end_top=${end_top%/*}
  done
  told remove "$root$end_top"
  [ "$dry_run" = no ] || return 0
  resolve_link "$end_top"
  new_for "$resolved"
  { rm -rf "$new" && mv "$resolved" "$new" && rm -rf "$new"; } || cannot_remove "$resolved"
  new=''
}

# Removes what begin_manifest and end_manifest leave if they are killed.
drop_begun_manifest() {
  [ "$dry_run" = no ] || return 0
  begin_top=$(manifest)
  while [ -n "$begin_top" ]; do
    if tree_dir "${begin_top%/*}" && resolve_link "$begin_top"; then
      new_for "$resolved"
      rm -rf "$new"
      new=''
    fi
    begin_top=${begin_top%/*}
  done
}
