# What a manifest of install.sh can look like. In a tree it is untrusted, like everything else.
#
# The functions set $manifest_problem to what is wrong, as the rest of a sentence.
# shellcheck shell=sh disable=SC2034,SC2154

# A line has about 100 bytes, and each version adds 30 of them at most.
manifest_most=262144
# Each line is compared with others; the shortest one that occurs more than once in an image has 20 bytes.
manifest_most_lines=13107
# Each is read whole when it is taken back.
manifest_most_files=100

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
  link) is_plain_name "$line_value" && { is_own_name "${line_path##*/}" || is_link_to_run "$line_value" "$line_path"; } ;;
  dir) [ "$line_value" = - ] ;;
  # The only file of somebody else's that install.sh adds lines to.
  lines) is_sum "$line_value" && [ "$line_path" = /etc/inittab ] ;;
  made | newline) [ "$line_value" = - ] && [ "$line_path" = /etc/inittab ] ;;
  *) false ;;
  esac
}

# Whether a link is one of put_link_to_run.
is_link_to_run() {
  case "$1 $2" in
  '/run/azure-provisioning.supervise '*/azure-provisioning/supervise) ;;
  '/run/azure-provisioning.event '*/azure-provisioning/event) ;;
  *) return 1 ;;
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

# No image has more files of install.sh than a few dozen.
manifest_files_are_few() {
  manifest_paths=$newline manifest_files=0
  while read -r line_kind _ line_path; do
    [ "$line_kind" = file ] || continue
    case $manifest_paths in *"$newline$line_path$newline"*) continue ;; esac
    manifest_paths=$manifest_paths$line_path$newline manifest_files=$((manifest_files + 1))
    manifest_problem="names more than $manifest_most_files files"
    [ "$manifest_files" -le "$manifest_most_files" ] || return 1
  done <<EOF
$manifest_lines
EOF
}

whole=manifest_format
