# Where the paths of an image really are. The links of a tree are followed inside it, and nothing out of it is read unless it is
# bounded.
#
# Reads $root, the tree; "" is the running machine.
# shellcheck shell=sh disable=SC2034,SC2154

root=''

# "leave": on the running machine, a link that others could replace is not followed. They can have it lead anywhere, and what is
# there would be taken for what should be there. Needs foreign_links.sh.
links_of_others=follow

# Sets $resolved to the real path of a path of the tree, as the tree's own kernel would find it: an absolute link in a tree
# must not lead out of it. A missing file is no failure. Fails on a loop of links, and on a path that is longer, or has more
# parts, than any image needs: all of them are followed here, each time. Fails on a link that is not followed because
# others could replace it, and sets $foreign_link to that.
resolve() {
  resolve_left=$1 resolve_done='' resolve_hops=0 resolve_parts=0 foreign_link=''
  [ "${#resolve_left}" -le 4096 ] || return 1
  while [ -n "$resolve_left" ]; do
    resolve_parts=$((resolve_parts + 1))
    [ "$resolve_parts" -le 1000 ] || return 1
    case $resolve_left in
    /*)
      resolve_left=${resolve_left#/}
      continue
      ;;
    */*)
      resolve_name=${resolve_left%%/*}
      resolve_left=${resolve_left#*/}
      ;;
    *)
      resolve_name=$resolve_left
      resolve_left=''
      ;;
    esac
    case $resolve_name in
    .) continue ;;
    ..)
      resolve_done=${resolve_done%/*}
      continue
      ;;
    esac
    # Somebody may remove the link meanwhile.
    if [ -L "$root$resolve_done/$resolve_name" ] && read_link "$resolve_done/$resolve_name"; then
      resolve_hops=$((resolve_hops + 1))
      [ "$resolve_hops" -le 40 ] || return 1
      if [ -z "$root" ] && [ "$links_of_others" = leave ] && ! is_fixed "$resolve_done/$resolve_name"; then
        foreign_link=$resolve_done/$resolve_name
        return 1
      fi
      case $resolve_target in
      /*) resolve_done='' ;;
      esac
      resolve_left=$resolve_target${resolve_left:+/$resolve_left}
      [ "${#resolve_left}" -le 4096 ] || return 1
    else
      resolve_done=$resolve_done/$resolve_name
    fi
  done
  resolved=$root$resolve_done
  [ -n "$resolved" ] || resolved=/
}

# Folders whose paths were followed: those without links on their paths, a line each, and the others, "FOLDER<tab>PLACE", without
# $root.
plain_folders=$newline linked_folders=$newline
# They are searched as a whole, the latter slowly, and a tree can have any number of folders.
plain_most=8192 linked_most=1024

# Whether nothing is at a path of the tree: sets $resolved as resolve does if so. Most paths that are asked for are not there,
# and nearly all are in the same few folders, whose links need not be followed again to see that. What is there is another
# matter: its path has to be followed anew, as somebody may have changed it since.
is_absent() {
  # The system knows no longer path, and some shells take long to cut one.
  [ "${#1}" -le 4096 ] || return 1
  case $1 in
  *[[:cntrl:]]* | */ | */. | */..) return 1 ;;
  */*) ;;
  *) return 1 ;;
  esac
  absent_name=${1##*/} absent_folder=${1%/*}
  case $plain_folders in
  *"$newline$absent_folder$newline"*) resolved=$root$absent_folder/$absent_name ;;
  *)
    find_place || return 1
    resolved=$root$absent_place/$absent_name
    ;;
  esac
  foreign_link=''
  [ ! -e "$resolved" ] && [ ! -L "$resolved" ]
}

# Sets $absent_place to the real place of $absent_folder, without $root.
find_place() {
  case $linked_folders in
  *"$newline$absent_folder	"*)
    absent_place=${linked_folders#*"$newline$absent_folder	"}
    absent_place=${absent_place%%"$newline"*}
    return 0
    ;;
  esac
  # On the running machine, generalize.sh follows no links of others.
  [ "$links_of_others" = follow ] && resolve "$absent_folder/" || return 1
  absent_place=$resolve_done
  case $absent_place in *[[:cntrl:]]*) return 0 ;; esac
  if [ "$absent_folder" = "$absent_place" ]; then
    [ "${#plain_folders}" -le "$plain_most" ] || plain_folders=$newline
    plain_folders=$plain_folders$absent_folder$newline
  else
    [ "${#linked_folders}" -le "$linked_most" ] || linked_folders=$newline
    linked_folders=$linked_folders$absent_folder'	'$absent_place$newline
  fi
}

# The top folders that are links, such as /lib, with their targets: nearly every path leads through one of them.
top_links=$newline

# Sets $resolve_target to the target of a link, with the newlines at its end.
read_link() {
  case $top_links in
  *"$newline$1 -> "*)
    resolve_target=${top_links#*"$newline$1 -> "}
    resolve_target=${resolve_target%%"$newline"*}
    return 0
    ;;
  esac
  resolve_target=$(readlink "$root$1" && echo x) || return 1
  resolve_target=${resolve_target%x}
  resolve_target=${resolve_target%"$newline"}
  case $1:$resolve_target in
  /*/*:* | *"$newline"*) ;;
  *) top_links=$top_links$1' -> '$resolve_target$newline ;;
  esac
}

# Sets $resolved to the real path of a link itself; only the links of its folder are followed.
resolve_link() {
  parent_of "$1"
  resolve "$parent/" || return 1
  resolved=${resolved%/}/${1##*/}
}

has_link() {
  resolve_link "$1" && [ -L "$resolved" ]
}

tree_file() {
  ! is_absent "$1" && resolve "$1" && [ -f "$resolved" ]
}

tree_dir() {
  ! is_absent "$1" && resolve "$1" && [ -d "$resolved" ]
}

# Whether a path of the tree is a file that can be read whole. Everything that is read from a tree goes through this.
#
#   tree_text PATH [MIB]
tree_text() {
  if is_absent "$1"; then
    why_not='it is not a regular file'
    return 1
  fi
  why_not='its links lead nowhere'
  resolve "$1" && is_text "$resolved" "${2-}"
}

# No image has more text of a kind that many files are of. Links make a large text of a small one.
texts_most=4194304 texts_left=$texts_most
# Nor more of what the network is configured by, which is slower to read.
config_most=262144

# The same for one of many files. Whoever looks at a kind sets $texts_left before.
one_text() {
  [ "$texts_left" -ge 0 ] && tree_text "$1" || return 1
  ! is_one_too_many || {
    warn "$(shown "$resolved") and what comes after it is not looked at: $why_not"
    return 1
  }
}

# Counts the text that was found last.
is_one_too_many() {
  texts_left=$((texts_left - text_size)) why_not='no image has so much of its kind'
  [ "$texts_left" -lt 0 ]
}

# Whether a file can be read whole: a pipe or a device may never end, and a sparse file may be terabytes long. Sets $why_not.
#
#   is_text FILE [MIB]
is_text() {
  why_not=''
  if [ ! -f "$1" ]; then
    why_not='it is not a regular file'
  elif ! text_size=$(stat -L -c %s "$1" 2>/dev/null); then
    why_not='its size cannot be read'
  elif [ ! -r "$1" ]; then
    # A shell that cannot open a file may exit.
    why_not='it cannot be read'
  elif [ "$text_size" -gt "$((${2:-4} * 1048576))" ]; then
    why_not="it is larger than ${2:-4} MiB"
  else
    return 0
  fi
  return 1
}

# Sets $resolved to the first of some paths of the tree that is a file.
first_file() {
  for first_file_path in "$@"; do
    ! tree_file "$first_file_path" || return 0
  done
  return 1
}

# Sets $resolved to a program of the tree, in the folders in which the first-boot program looks.
tree_program() {
  first_file "/usr/bin/$1" "/bin/$1" "/usr/sbin/$1" "/sbin/$1" "/run/current-system/sw/bin/$1"
}

# Sets $real to the real path of a file of the tree; fails if nothing is there. A link at the end of the path is not followed.
found() {
  [ "${#1}" -le 4096 ] && ! is_absent "$1" || return 1
  folder "${1%/*}" || return 1
  real=${real%/}/${1##*/}
  [ -L "$real" ] || [ -e "$real" ]
}

# Sets $real to the real path of a folder of the tree.
folder() {
  ! is_absent "${1%/}" || return 1
  resolve "$1/" && [ -d "$resolved" ] || return 1
  real=$resolved
}

# No image has more files of a kind that is looked at; each takes milliseconds.
names_most=500

# Sets $names to the names in a folder of the tree that match a pattern without blanks, a line each: find_names FOLDER PATTERN.
# Skips names with control characters: they could be several lines, and no program looks for them.
find_names() {
  names='' names_wanted="$1/$2" names_count=0
  folder "$1" || return 0
  case $- in *f*) names_reset=-f ;; *) names_reset=+f ;; esac
  set +f
  # Unquoted, as it is a pattern.
  # shellcheck disable=SC2086
  set -- "${real%/}"/$2
  set "$names_reset"
  for name_in; do
    if [ ! -e "$name_in" ] && [ ! -L "$name_in" ]; then continue; fi
    name_in=${name_in##*/}
    case $name_in in *[[:cntrl:]]*) continue ;; esac
    names_count=$((names_count + 1))
    if [ "$names_count" -gt "$names_most" ]; then
      warn "Only the first $names_most of $root$names_wanted are looked at"
      return 0
    fi
    names=$names$name_in$newline
  done
}

# Prints them.
names_in() {
  find_names "$1" "$2"
  printf '%s' "$names"
}

whole=paths
