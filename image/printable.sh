# Makes text safe to print.
# shellcheck shell=sh disable=SC2034

# A tree can make a path, or a list, as long as it likes: a text is cut off after this many bytes.
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

# Escapes what the program itself escapes: control and format characters, what ends a line or is invisible, and invalid UTF-8;
# also all white space except the blank, because a reader that trims a line would find a command behind it.
# shellcheck disable=SC2016
printable_program='
  function byte(at) { return at <= size ? code[substr(text, at, 1)] : 0 }
  # Returns the length in bytes of the character at a position; 0 if it is not valid UTF-8.
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
  function is_seen(point,  i) {
    for (i = 1; i < unseen; i += 2) if (point <= limits[i + 1]) return point < limits[i]
    return 1
  }
  function hexadecimal(at, count,  i) {
    for (i = 0; i < count; i++) put(sprintf("\\x%02x", byte(at + i)))
  }
  function put(piece) { printf "%s", piece; written += length(piece) }
  BEGIN {
    for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
    # The first and the last of each range of code points.
    unseen = split("128 160 173 173 847 847 1536 1541 1564 1564 1757 1757 1807 1807 2192 2193 2274 2274 4447 4448 5760 5760 " \
      "6068 6069 6155 6159 8192 8207 8232 8239 8287 8303 12288 12288 12644 12644 65024 65039 65279 65279 65440 65440 " \
      "65520 65531 69821 69821 69837 69837 78896 78911 113824 113827 119155 119162 917504 921599", limits, " ")
  }
  # Stop at the limit: each line that is added copies the whole text, and busybox measures the text for each character.
  length(text) <= most { text = text (NR > 1 ? "\n" : "") substr($0, 1, most + 8) }
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

# Prints a path on one line, quoted for the shell.
shown() {
  make_printable "$1"
  quote "$printable"
}

# Prints a word quoted for the shell.
quote() {
  case $1 in
  '' | *[!A-Za-z0-9_./:=@%+,-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
  *) printf '%s' "$1" ;;
  esac
}

whole=printable
