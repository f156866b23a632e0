# What install.sh writes down of what it puts into an image, so that it takes just that back. It is written down before it is
# done: an installation that is cut off anywhere can be taken back. To be sourced after common.sh.
#
# A line each, "KIND VALUE PATH": "file SHA-256", "link TARGET", "dir -", "lines SHA-256", "made -" and "newline -" of the file
# that lines were put into, and "init - NAME".
#
# In a tree it is data like everything else: read_manifest reads it once, as a whole, and rejects all of it for one line that
# install.sh could not have written.
#
# Read: $root, $prefix, $dry_run.
# shellcheck shell=sh disable=SC2034,SC2154

prefix=/usr/local

# A line of install.sh's takes about 100 bytes, and a version adds 30 of them at most.
manifest_most=262144
# Each line is held against others, and the shortest that install.sh writes more than once in an image have 20 bytes.
manifest_most_lines=13107

# The lines, those that are whole, and whether the file is there.
manifest_lines='' manifest_is_there=no manifest_problem=''
# Whether the last line is incomplete, as a power cut leaves it: install.sh had not acted on that line yet.
manifest_is_cut_off=no

manifest() {
  printf '%s' "$prefix/lib/azure-provisioning/manifest"
}

# Reads the manifest, or ends with an error before anything is changed.
use_manifest() {
  read_manifest || die "$exit_bad_data" "$manifest_problem. Nothing was changed: correct the file, or remove it and what \
install.sh put there by hand"
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

# POSIX has no other command than ls that tells who may write to a file.
# shellcheck disable=SC2012
manifest_file_is_sound() {
  manifest_problem='is no regular file'
  [ -f "$resolved" ] && [ ! -L "$resolved" ] || return 1
  manifest_problem='cannot be read'
  [ -r "$resolved" ] || return 1
  read -r manifest_mode _ manifest_owner _ manifest_size _ <<EOF
$(ls -ldn "$resolved")
EOF
  manifest_problem="is larger than $((manifest_most / 1024)) KiB"
  # Count the digits first: a shell may not handle larger numbers.
  [ "${#manifest_size}" -le 9 ] && [ "$manifest_size" -le "$manifest_most" ] || return 1
  manifest_problem='holds a NUL byte'
  [ "$(tr -d '\000' <"$resolved" | wc -c)" -eq "$manifest_size" ] || return 1
  [ -z "$root" ] || return 0
  # On the running machine it decides what root removes.
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

# Whether install.sh could have written a line, into whatever image.
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
  # The only foreign file that install.sh adds lines to.
  lines) is_sum "$line_value" && [ "$line_path" = /etc/inittab ] ;;
  made | newline) [ "$line_value" = - ] && [ "$line_path" = /etc/inittab ] ;;
  *) false ;;
  esac
}

# The characters that are allowed in PREFIX and S6_SCANDIR; all other paths of install.sh's have no others.
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

# install.sh records a folder only if it puts something into it.
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
    manifest_problem="has a folder that nothing was put into, \"$line_path\""
    return 1
  done <<EOF
$manifest_lines
EOF
}

# Prints what the manifest says of a path, by kind: recorded KIND PATH. The last line counts. Nothing, and failure, if it says
# nothing.
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

# Whether any line says so: is_recorded KIND VALUE PATH. What an earlier version put there is ours, too.
is_recorded() {
  case $newline$manifest_lines in
  *"$newline$1 $2 $3$newline"*) ;;
  *) return 1 ;;
  esac
}

# Prints the path of the last link that was put there with a target.
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

# record KIND VALUE PATH. Without a manifest install.sh was not here.
record() {
  tree_text "$(manifest)" || return 0
  [ "$(recorded "$1" "$3")" != "$2" ] || return 0
  { printf '%s %s %s\n' "$1" "$2" "$3" >>"$resolved"; } 2>/dev/null || cannot_write "$resolved"
  manifest_lines="$manifest_lines$1 $2 $3$newline"
}

# Makes the manifest with the folders that it needs, all at once.
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
  begin_target=$resolved
  new_for "$begin_target"
  begin_file=$(manifest)
  begin_file=$new${begin_file#"$begin_top"}
  {
    rm -rf "$new" && mkdir -p "${begin_file%/*}" &&
      write_to "$begin_file" printf '# What install.sh put here, and takes back with --uninstall.\n%s' "$begin_lines" &&
      mv "$new" "$begin_target"
  } || cannot_write "$root$(manifest)"
  new='' manifest_is_there=yes manifest_lines=$begin_lines
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

# The next line would become a part of it.
drop_cut_off_line() {
  [ "$manifest_is_cut_off" = yes ] && [ "$dry_run" = no ] && tree_file "$(manifest)" || return 0
  rewrite_through "$resolved" printf '%s' "$manifest_lines" || cannot_write "$resolved"
  manifest_is_cut_off=no
}

# Removes what begin_manifest and end_manifest leave if they are killed.
drop_begun_manifest() {
  [ "$dry_run" = no ] || return 0
  begin_top=$(manifest)
  while [ -n "$begin_top" ]; do
    parent_of "$begin_top"
    if tree_dir "$parent" && resolve_link "$begin_top"; then
      new_for "$resolved"
      rm -rf "$new" || cannot_remove "$new"
      new=''
    fi
    begin_top=$parent
  done
}
