# JSON, without any program for it. Read by check.sh, after common.sh.
# shellcheck shell=sh disable=SC2154

# Prints a text as a JSON string, escaped as for people, because whoever parses the JSON is likely to print it.
json_string() {
  make_printable "$1"
  printf '"%s"' "$(printf '%s' "$printable" | sed 's/["\\]/\\&/g')"
}
