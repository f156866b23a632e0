# JSON without a program for it.
# shellcheck shell=sh disable=SC2154

# Prints a text as a JSON string. It is escaped as for people, because whoever parses the JSON is likely to print it.
json_string() {
  make_printable "$1"
  printf '"%s"' "$(printf '%s' "$printable" | sed 's/["\\]/\\&/g')"
}
