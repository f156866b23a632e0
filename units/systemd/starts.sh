# What systemd starts at boot, read from a tree: the units that its default target reaches. Sourced by init.sh.
# shellcheck shell=sh disable=SC2034,SC2154

# In the order of their precedence. What generators made is only on a machine that runs.
starts_folders='/etc/systemd/system.control /run/systemd/system.control /run/systemd/transient /run/systemd/generator.early
  /etc/systemd/system /etc/systemd/system.attached /run/systemd/system /run/systemd/system.attached /run/systemd/generator
  /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system /run/systemd/generator.late'

# Prints a line for each unit, under each of its names:
#   UNIT PATH           it is started, because of the link or file PATH
#   ?UNIT PATH          it may be: a link PATH of a unit that is not started, as far as files say, or a generator PATH names it
#   -UNIT MASKED        it is masked
#   !UNIT PATH COMMAND  a command of a unit that is started
list_systemd_starts() {
  # Words without blanks.
  # shellcheck disable=SC2086
  starts_in=$(places_of $starts_folders)
  [ -n "$starts_in" ] || return 0
  starts_rules=$(places_of /etc/udev/rules.d /usr/lib/udev/rules.d /lib/udev/rules.d)
  starts_generators=$(places_of /etc/systemd/system-generators /usr/local/lib/systemd/system-generators \
    /usr/lib/systemd/system-generators /lib/systemd/system-generators)
  starts_presets=''
  ! is_first_boot || starts_presets=$(places_of /etc/systemd/system-preset /usr/local/lib/systemd/system-preset \
    /usr/lib/systemd/system-preset /lib/systemd/system-preset)
  {
    cd "${root:-/}" && {
      # Folders without blanks. Only regular files of a sane size are read.
      # shellcheck disable=SC2086
      {
        starts_of "$starts_in" 2 \( -type f -o -type l \) -exec ls -ldn {} +
        starts_of "$starts_in" 2 -type f -size -512 -exec awk "$starts_reader" {} +
        starts_of "$starts_rules" 1 -name '*.rules' -type f -size -512 -exec awk "$starts_rules_reader" {} +
        starts_of "$starts_presets" 1 -name '*.preset' -type f -size -512 -exec awk "$starts_presets_reader" {} +
        starts_of "$starts_generators" 1 ! -name 'systemd-*' -type f -size -512 -exec awk "$starts_generators_reader" {} +
      }
    }
  } 2>/dev/null | awk -v folders="$starts_in" -v is_first_boot="$(! is_first_boot || echo yes)" \
    -f "$units/systemd/starts.awk"
}

# Runs find on some folders, if there are any: starts_of FOLDERS DEPTH CONDITION...
starts_of() {
  [ -n "$1" ] || return 0
  starts_of_folders=$1 starts_of_depth=$2
  shift 2
  # shellcheck disable=SC2086
  find $starts_of_folders -maxdepth "$starts_of_depth" -name '*[!A-Za-z0-9:_.@\\-]*' -prune -o "$@"
}

# Systemd then applies its presets, and may ask questions. An empty file is enough for it not to.
is_first_boot() {
  ! tree_text /etc/machine-id || [ "$(head -n 1 "$resolved" | tr -d '\0')" = uninitialized ]
}

# Prints the real places of those folders that are there, relative to the tree's root, each of them once.
places_of() {
  places=''
  for place; do
    # A tree has nothing in /run when it boots.
    case $place in /run/*) [ -z "$root" ] || continue ;; esac
    folder "$place" || continue
    place=.${real#"$root"}
    case $place in *[!A-Za-z0-9/._-]*) continue ;; esac
    # shellcheck disable=SC2086
    is_one_of "$place" $places || places="$places $place"
  done
  printf '%s' "${places# }"
}

# No image has as much text of a kind, or such long lines. Links make a large text of a small one.
# shellcheck disable=SC2016
starts_limit='
  (total += length($0) + 1) > 4194304 { exit }
  length($0) > 65536 { next }'

# shellcheck disable=SC2016
starts_reader=$starts_limit'
  FNR == 1 { begun = "" }
  /^[ \t]*[#;]/ { next }
  {
    sub(/\r$/, "")
    line = begun $0
    if (line ~ /\\$/) {
      begun = substr(line, 1, length(line) - 1) " "
      next
    }
    begun = ""
    if (match(line, /^[ \t]*(Wants|Requires|BindsTo|Upholds|OnSuccess|OnFailure|Unit|Service|Sockets|WantedBy|RequiredBy|UpheldBy|Exec[A-Za-z]*)[ \t]*=/))
      print "= " FILENAME " " line
  }'

# shellcheck disable=SC2016
starts_rules_reader=$starts_limit'
  !/^[ \t]*#/ {
    while (match($0, /ENV\{SYSTEMD_WANTS\}[ \t]*\+?=[ \t]*"[^"]*"/)) {
      wanted = substr($0, RSTART, RLENGTH)
      $0 = substr($0, RSTART + RLENGTH)
      sub(/^[^"]*"/, "", wanted)
      sub(/"$/, "", wanted)
      print "= " FILENAME " Udev=" wanted
    }
  }'

# shellcheck disable=SC2016
starts_presets_reader=$starts_limit'
  { print "% " FILENAME " " $0 }'

# Scripts only: what a program has in it says little.
# shellcheck disable=SC2016
starts_generators_reader=$starts_limit'
  FNR == 1 { is_program = /^.ELF/ }
  is_program || !/\.service/ { next }
  {
    count = split($0, words, /[^A-Za-z0-9@_.-]+/)
    for (i = 1; i <= count; i++)
      if (match(words[i], /.\.service/)) print "~ " FILENAME " " substr(words[i], 1, RSTART + RLENGTH - 1)
  }'

whole=starts
