# JSON, without any program for it. Read by check.sh, after common.sh.
# shellcheck shell=sh disable=SC2154

# Prints a text as a string of JSON, as it would be printed for people: who takes it out of the JSON is going to print it, too.
json_string() {
  make_printable "$1"
  printf '"%s"' "$(printf '%s' "$printable" | sed 's/["\\]/\\&/g')"
}
