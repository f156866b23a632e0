# Words, exit codes and files that install.sh and the tools of this folder share. To be sourced, by any POSIX shell.
#
# What is read here: $root, the tree ("" is the running system), and $dry_run ("yes" prints in place of doing).
#
# Everything printed for people goes through say, warn, complain or die, because much of it comes from a tree.
# shellcheck shell=sh disable=SC2034

newline='
'

# What the user data and the custom data of a VM are, and have left: the data, what a write that was cut off or a run left,
# what became of them, and their output; and the copy of the provisioning media, where /run is on a disk.
userdata_files='/var/lib/azure-provisioning/customData /var/lib/azure-provisioning/.customData.azure-provisioning
/var/lib/azure-provisioning/.customdata.run /var/lib/azure-provisioning/customdata.result
/var/lib/azure-provisioning/customdata.result.new /run/azure-provisioning/ovf-env.xml /run/azure-provisioning/.ovf-env.xml.new
/var/lib/azure-provisioning/userData /var/lib/azure-provisioning/.userData.azure-provisioning
/var/lib/azure-provisioning/.userdata.run /var/lib/azure-provisioning/userdata.result
/var/lib/azure-provisioning/userdata.result.new /var/log/azure-provisioning-userdata.log'

exit_usage=64
exit_bad_data=65
exit_internal=70
exit_cannot_write=73
exit_not_permitted=77
exit_not_set_up=78

root='' dry_run=no

# How many bytes of a text are printed at most: a tree can make a path, or a list, as long as it likes.
printable_most=4096

# Sets $printable to a text made safe to print, on one line. A name from a tree can then move no cursor, reverse no text, and
# give a CI system no command (those are "::" at the start of a line, which no line of these scripts has, or "##" anywhere).
make_printable() {
  printable=$1
  case $printable in
  *[!\ -~]* | *'##'*) ;;
  *) [ "${#printable}" -gt "$printable_most" ] || return 0 ;;
  esac
  printable=$(printf '%s\n' "$1" | LC_ALL=C awk -v most="$printable_most" "$printable_program" 2>/dev/null) ||
    printable=$(printf '%s' "$1" | LC_ALL=C tr -c '\040-\042\044-\176' '[?*]' | cut -c "1-$printable_most")
}

# Escapes bytes below 32, 127, and what is no UTF-8; and of UTF-8 the control characters (U+0080 to U+009F), the characters
# that end a line, have no width or turn the direction of text, the tags that nobody sees, and all white space but the blank:
# a reader that trims a line would find a command behind it.
# shellcheck disable=SC2016
printable_program='
  function byte(at) { return at <= size ? code[substr(text, at, 1)] : 0 }
  # How many bytes the character at a place has; 0 if it is none.
  function width(at,  first, second, count, i) {
    first = byte(at)
    second = byte(at + 1)
    count = first < 194 ? 0 : first < 224 ? 2 : first < 240 ? 3 : first < 245 ? 4 : 0
    if (first == 224 && second < 160 || first == 237 && second > 159) return 0
    if (first == 240 && second < 144 || first == 244 && second > 143) return 0
    for (i = 1; i < count; i++) if (byte(at + i) < 128 || byte(at + i) > 191) return 0
    return count
  }
  function code_point(at, count,  point, i) {
    point = count == 2 ? byte(at) - 192 : count == 3 ? byte(at) - 224 : byte(at) - 240
    for (i = 1; i < count; i++) point = point * 64 + byte(at + i) - 128
    return point
  }
  function is_seen(point) {
    return !(point < 161 || point == 173 || point == 1564 || point == 5760 || point == 6158 ||
      point >= 8192 && point <= 8207 || point >= 8232 && point <= 8239 || point >= 8287 && point <= 8303 ||
      point == 12288 || point == 65279 ||
      point >= 65529 && point <= 65531 || point >= 917504 && point <= 921599)
  }
  function hexadecimal(at, count,  i) {
    for (i = 0; i < count; i++) put(sprintf("\\x%02x", byte(at + i)))
  }
  function put(piece) { printf "%s", piece; written += length(piece) }
  BEGIN { for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i }
  # What follows is not printed, and a text of many lines would be copied for each of them.
  length(text) <= most { text = text (NR > 1 ? "\n" : "") $0 }
  END {
    size = length(text)
    for (at = 1; at <= size; at += step) {
      if (written > most) {
        printf " (and more)"
        break
      }
      step = 1
      character = substr(text, at, 1)
      if (character == "\n") put("\\n")
      else if (character == "\t") put("\\t")
      else if (character == "\r") put("\\r")
      else if (byte(at) < 32 || byte(at) == 127) hexadecimal(at, 1)
      else if (character == "#" && substr(text, at + 1, 1) == "#") hexadecimal(at, 1)
      else if (byte(at) < 128) put(character)
      else if (width(at) == 0) hexadecimal(at, 1)
      else {
        step = width(at)
        if (is_seen(code_point(at, step))) put(substr(text, at, step))
        else hexadecimal(at, step)
      }
    }
  }'

# Whether a text can be printed as it is.
is_printable() {
  make_printable "$1"
  [ "$printable" = "$1" ]
}

say() {
  make_printable "$*"
  printf '%s\n' "$printable"
}

warn() {
  say "Warning: $*" >&2
}

complain() {
  say "Error: $*" >&2
}

# die STATUS MESSAGE...
die() {
  die_status=$1
  shift
  complain "$*"
  exit "$die_status"
}

# Runs a command in a subshell, and prints its error messages with warn, as they name files.
run_tool() {
  { tool_said=$("$@" 2>&1 >&3 3>&-) && tool_status=0 || tool_status=$?; } 3>&1
  [ -z "$tool_said" ] || warn "$tool_said"
  return "$tool_status"
}

chmod() { run_tool command chmod "$@"; }
cp() { run_tool command cp "$@"; }
ln() { run_tool command ln "$@"; }
mkdir() { run_tool command mkdir "$@"; }
mv() { run_tool command mv "$@"; }
rm() { run_tool command rm "$@"; }

# write_to FILE COMMAND [ARGUMENT]...: its output becomes the file's text.
write_to() {
  run_tool write_to_file "$@"
}

write_to_file() {
  written=$1
  shift
  "$@" >"$written"
}

# Sets $remedy_said to a remedy made safe to print. People paste its command, which would act on another file if a name in it
# had been escaped.
make_remedy_said() {
  remedy_said=$1
  is_printable "$1" ||
    remedy_said='no command is given, as a name in it has characters that cannot be shown: look at it with "ls -b"'
}

cannot_write() {
  die "$exit_cannot_write" "Cannot write $1: is it read-only, or the disk full?"
}

cannot_remove() {
  die "$exit_cannot_write" "Cannot remove $1: is it read-only?"
}

# What is being made beside the file that it will replace.
new=''

# Sets $new to where the next text of a file is made.
new_for() {
  new=${1%/*}/.${1##*/}.azure-provisioning-new
}

# A run that is ended half-way leaves no half file.
clean_up_at_exit() {
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 141' PIPE
  trap 'exit 143' TERM
}

clean_up() {
  # The programs started here inherit this, so that the signal which ends the rest spares them.
  trap '' HUP INT PIPE TERM
  case $new in
  '') ;;
  ./*) remove_all "$new" ;;
  *) rm -rf "$new" ;;
  esac
}

# Runs a command, then exits with its status. A signal ends the command at once, with everything it has started. A shell that
# waits for a program handles signals only afterwards, and a program that reads from a pipe may never end.
#
#   supervised COMMAND [ARGUMENT]...
supervised() {
  # A file that is opened while one of these is closed takes its place, and gets what is printed.
  (exec 3<&1) 2>/dev/null || exec >/dev/null
  (exec 3<&2) 2>/dev/null || exec 2>/dev/null
  # A command in the background would have no input otherwise.
  if (exec 3<&0) 2>/dev/null; then exec 3<&0; else exec 3</dev/null; fi
  trap 'end_supervised HUP 129' HUP
  trap 'end_supervised TERM 130' INT
  trap 'end_supervised TERM 131' QUIT
  trap 'end_supervised TERM 143' TERM
  "$@" <&3 3<&- &
  exec 3<&-
  supervised_status=0
  wait "$!" || supervised_status=$?
  exit "$supervised_status"
}

# end_supervised SIGNAL STATUS
end_supervised() {
  trap '' HUP INT QUIT TERM
  [ -n "${!-}" ] || exit "$2"
  # Stop all of them first, so that none starts another, or ends and leaves its children behind, before all are known.
  kill -s STOP "$!" 2>/dev/null || :
  stop_below "$!"
  # End the programs that it waits for as well, so that it handles its own signal and cleans up.
  kill -s "$1" "$!" 2>/dev/null || :
  for end_pid in $stopped; do
    kill -s TERM "$end_pid" 2>/dev/null || :
  done
  for end_pid in $stopped "$!"; do
    kill -s CONT "$end_pid" 2>/dev/null || :
  done
  for _ in 1 2 3 4 5; do
    # Numbers.
    # shellcheck disable=SC2086
    any_is_running $stopped "$!" || break
    sleep 0.1 2>/dev/null || sleep 1
  done
  ! is_running "$!" || kill -s KILL "$!" 2>/dev/null || :
  wait "$!" 2>/dev/null || :
  exit "$2"
}

# Ends a supervised command if its supervisor was killed, as nothing else would end it.
end_if_alone() {
  kill -s 0 "$$" 2>/dev/null || exit "$exit_internal"
}

any_is_running() {
  for any_pid in "$@"; do
    ! is_running "$any_pid" || return 0
  done
  return 1
}

# Whether a process has not ended. Without /proc that is not known.
is_running() {
  { read -r running_line <"/proc/$1/stat"; } 2>/dev/null || return 1
  case ${running_line##*) } in
  Z* | X*) return 1 ;;
  esac
}

# Stops all descendants of a process, and sets $stopped to their numbers. Finds none without /proc.
stop_below() {
  # The script may have turned patterns off.
  set +f
  stopped='' stop_more=yes
  while [ -n "$stop_more" ]; do
    stop_more=''
    for stop_file in /proc/[0-9]*/status; do
      stop_pid=${stop_file#/proc/}
      stop_pid=${stop_pid%/status}
      case " $stopped " in *" $stop_pid "*) continue ;; esac
      is_started_by " $1 $stopped " "$stop_file" || continue
      kill -s STOP "$stop_pid" 2>/dev/null || :
      stopped="$stopped $stop_pid" stop_more=yes
    done
  done
}

# Whether a process is a child of one of others: is_started_by PIDS FILE. In "status", unlike in "stat", the name of a process
# cannot be mistaken for another field.
is_started_by() {
  while read -r started_key started_value; do
    [ "$started_key" = PPid: ] || continue
    case $1 in *" $started_value "*) return 0 ;; esac
    return 1
  done 2>/dev/null <"$2" || return 1
  return 1
}

# Says what is done, or what would be in a dry run: told WORD PATH
told() {
  if [ "$dry_run" = yes ]; then
    say "would $1 $2"
  else
    end_if_alone
    say "$1 $2"
  fi
}

# Prints a word as a shell would have to be given it.
quote() {
  case $1 in
  '' | *[!A-Za-z0-9_./:=@%+,-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
  *) printf '%s' "$1" ;;
  esac
}

# Whether a word is among others: is_one_of WORD WORDS...
is_one_of() {
  is_one_of_word=$1
  shift
  for is_one_of_other in "$@"; do
    [ "$is_one_of_other" != "$is_one_of_word" ] || return 0
  done
  return 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# Sets $parent to the folder that a path is in; empty for the topmost, also where the path has no slash.
parent_of() {
  parent=${1%/*}
  [ "$parent" != "$1" ] || parent=''
}

# Sets $resolved to where a path of the tree really is, with its links followed inside the tree, as the tree's own kernel
# would: an absolute link in a tree must not lead out of it. Fails on a circle of links, and on links that make a path longer
# than the kernel takes, or its parts more than any image has: all of them are followed here, each time. What does not exist
# is kept.
resolve() {
  resolve_left=$1 resolve_done='' resolve_hops=0 resolve_parts=0
  while [ -n "$resolve_left" ]; do
    resolve_parts=$((resolve_parts + 1))
    [ "$resolve_parts" -le 1000 ] && [ "${#resolve_left}" -le 4096 ] || return 1
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
    if [ -L "$root$resolve_done/$resolve_name" ]; then
      resolve_hops=$((resolve_hops + 1))
      [ "$resolve_hops" -le 40 ] || return 1
      # With its newlines, if it ends in some.
      resolve_target=$(readlink "$root$resolve_done/$resolve_name" && echo x) || return 1
      resolve_target=${resolve_target%x}
      resolve_target=${resolve_target%"$newline"}
      case $resolve_target in
      /*) resolve_done='' ;;
      esac
      resolve_left=$resolve_target${resolve_left:+/$resolve_left}
    else
      resolve_done=$resolve_done/$resolve_name
    fi
  done
  resolved=$root$resolve_done
  [ -n "$resolved" ] || resolved=/
}

# Sets $resolved to a link itself, not to where it leads; its folder's links are followed.
resolve_link() {
  parent_of "$1"
  resolve "$parent/" || return 1
  resolved=${resolved%/}/${1##*/}
}

has_link() {
  resolve_link "$1" && [ -L "$resolved" ]
}

# Whether a path of the tree is a file, a folder, or anything at all.
tree_file() {
  resolve "$1" && [ -f "$resolved" ]
}

tree_dir() {
  resolve "$1" && [ -d "$resolved" ]
}

# Whether a path of the tree is a file that can be read whole; all that is read of a tree goes through this.
#
#   tree_text PATH [MIB]
tree_text() {
  why_not='its links lead nowhere'
  resolve "$1" && is_text "$resolved" "${2-}"
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
    # A shell that cannot open a file says so itself, with the file's name as it is.
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

# Sets $resolved to where a program of the tree is, in the folders in which the first-boot program looks.
tree_program() {
  first_file "/usr/bin/$1" "/bin/$1" "/usr/sbin/$1" "/sbin/$1" "/run/current-system/sw/bin/$1"
}

# Prints the SHA-256 of a file; fails where the machine has nothing to make it with.
sha256_of() {
  if has sha256sum; then
    sha256_line=$(sha256sum <"$1") || return 1
  elif has busybox && busybox sha256sum </dev/null >/dev/null 2>&1; then
    sha256_line=$(busybox sha256sum <"$1") || return 1
  elif has openssl; then
    sha256_line=$(openssl dgst -sha256 -r <"$1") || return 1
  elif has shasum; then
    sha256_line=$(shasum -a 256 <"$1") || return 1
  else
    return 1
  fi
  printf '%s\n' "${sha256_line%% *}"
}

# Prints what tells one content of a file from another: its SHA-256, or else what POSIX has.
sum_of() {
  sha256_of "$1" || {
    sum_line=$(cksum <"$1") || return 1
    printf 'cksum:%s\n' "${sum_line%% *}"
  }
}

same_content() {
  if has cmp; then
    cmp -s "$1" "$2"
  else
    [ "$(sum_of "$1")" = "$(sum_of "$2")" ]
  fi
}
