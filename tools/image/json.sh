# JSON, without any program for it. Read by check.sh.
# shellcheck shell=sh

# Prints a text as a string of JSON: what is no UTF-8 becomes U+FFFD.
json_string() {
  text=$1 LC_ALL=C awk '
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
    BEGIN {
      for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
      text = ENVIRON["text"]
      size = length(text)
      printf "\""
      for (at = 1; at <= size; at += step) {
        step = 1
        character = substr(text, at, 1)
        if (character == "\"" || character == "\\") printf "\\%s", character
        else if (byte(at) < 32 || byte(at) == 127) printf "\\u%04x", byte(at)
        else if (byte(at) < 128) printf "%s", character
        else if (width(at) == 0) printf "\\ufffd"
        else printf "%s", substr(text, at, step = width(at))
      }
      printf "\""
    }'
}
