# The manifest: what install.sh puts into an image, so that --uninstall removes just that. Each change is recorded before it is
# made, so that an installation can be undone wherever it was interrupted.
#
# A line each, "KIND VALUE PATH": "file SHA-256", "link TARGET", "dir -", "lines SHA-256", "made -" or "newline -" for a file that
# lines were added to, and "init - NAME".
#
# In a tree it is untrusted, like everything else: read_manifest reads it once, and rejects all of it for one line that install.sh
# cannot have written.
#
# Reads $root, $prefix and $dry_run.
# shellcheck shell=sh disable=SC2034,SC2154

prefix=/usr/local

# A line has about 100 bytes, and each version adds 30 of them at most.
manifest_most=262144
# Each line is compared with others; the shortest one that occurs more than once in an image has 20 bytes.
manifest_most_lines=13107

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
  if ! manifest_file_is_sound || ! read_manifest_lines || ! manifest_folders_are_sound; then
    manifest_problem="The manifest $(shown "$root$(manifest)") $manifest_problem"
    manifest_lines=''
    return 1
  fi
  manifest_is_there=yes manifest_problem=''
}

# In POSIX, only ls says who may write to a file.
# shellcheck disable=SC2012
manifest_file_is_sound() {
  manifest_problem='is not a regular file'
  [ -f "$resolved" ] && [ ! -L "$resolved" ] || return 1
  manifest_problem='cannot be read'
  [ -r "$resolved" ] || return 1
  read -r manifest_mode _ manifest_owner _ manifest_size _ <<EOF
$(ls -ldn "$resolved")
EOF
  manifest_problem="is larger than $((manifest_most / 1024)) KiB"
  # Count the digits first: a shell may not handle larger numbers.
  [ "${#manifest_size}" -le 9 ] && [ "$manifest_size" -le "$manifest_most" ] || return 1
  manifest_problem='has a NUL byte'
  [ "$(tr -d '\000' <"$resolved" | wc -c)" -eq "$manifest_size" ] || return 1
  [ -z "$root" ] || return 0
  # On the running machine, it decides what root removes.
  manifest_problem='can be written by others than root'
  case $manifest_mode in
  ?????w* | ????????w*) return 1 ;;
  esac
  [ "$manifest_owner" = 0 ] || [ "$manifest_owner" = "$(id -u)" ]
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

# Whether install.sh can have written a line.
is_manifest_line() {
  case $1 in
  *[!\ -~]*) return 1 ;;
  '#'*) return 0 ;;
  esac
  line_kind=${1%% *} line_rest=${1#* }
  line_value=${line_rest%% *} line_path=${line_rest#* }
  [ "$line_kind $line_value $line_path" = "$1" ] || return 1
  if [ "$line_kind" = init ]; then
    # shellcheck disable=SC2086
    [ "$line_value" = - ] && is_one_of "$line_path" $known_inits
    return
  fi
  is_plain_path "$line_path" || return 1
  case $line_kind in
  file) is_sum "$line_value" && is_own_name "$line_path" ;;
  link) is_plain_name "$line_value" && is_own_name "${line_path##*/}" ;;
  dir) [ "$line_value" = - ] ;;
  # The only file of somebody else's that install.sh adds lines to.
  lines) is_sum "$line_value" && [ "$line_path" = /etc/inittab ] ;;
  made | newline) [ "$line_value" = - ] && [ "$line_path" = /etc/inittab ] ;;
  *) false ;;
  esac
}

# Whether a word has only characters that PREFIX and S6_SCANDIR may have; all paths of install.sh have.
is_plain_name() {
  case $1 in
  '' | *[!A-Za-z0-9/._+-]*) return 1 ;;
  esac
}

is_plain_path() {
  is_plain_name "$1" || return 1
  case $1/ in
  *//* | */./* | */../*) return 1 ;;
  /*) ;;
  *) return 1 ;;
  esac
}

is_own_name() {
  case $1 in
  *azure-provisioning*) ;;
  *) return 1 ;;
  esac
}

is_sum() {
  case $1 in
  cksum: | cksum:*[!0-9]*) return 1 ;;
  cksum:*) [ "${#1}" -le 26 ] ;;
  *[!0-9a-f]*) return 1 ;;
  *) [ "${#1}" = 64 ] ;;
  esac
}

# install.sh records a folder only if something in it is recorded, too.
manifest_folders_are_sound() {
  manifest_paths=$newline$(manifest)$newline
  while read -r line_kind _ line_path; do
    manifest_paths=$manifest_paths$line_path$newline
  done <<EOF
$manifest_lines
EOF
  while read -r line_kind _ line_path; do
    [ "$line_kind" = dir ] || continue
    case $manifest_paths in
    *"$newline$line_path/"*) continue ;;
    esac
    manifest_problem="has a folder that nothing was installed in, \"$line_path\""
    return 1
  done <<EOF
$manifest_lines
EOF
}

# Prints the value of the last line about a path, by kind, and fails if there is none: recorded KIND PATH
recorded() {
  recorded_found=''
  while read -r recorded_kind recorded_value recorded_path; do
    if [ "$recorded_kind" = "$1" ] && [ "$recorded_path" = "$2" ]; then
      recorded_found=$recorded_value
    fi
  done <<EOF
$manifest_lines
EOF
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
  tree_text "$(manifest)" || return 0
  [ "$(recorded "$1" "$3")" != "$2" ] || return 0
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
  mkdir -p "${print_manifest_file%/*}" &&
    printf '# What install.sh installed, and --uninstall removes.\n%s' "$2" >"$print_manifest_file"
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
