# JSON without a program for it.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $json_text to a text as a JSON string. It is escaped as for people, because whoever parses the JSON is likely to print it.
make_json_string() {
  make_printable "$1"
  json_left=$printable json_text=''
  while :; do
    case $json_left in
    *[\"\\]*) ;;
    *) break ;;
    esac
    json_piece=${json_left%%[\"\\]*}
    json_left=${json_left#"$json_piece"}
    # Not "%": shells take long to cut most of a text off its end.
    case $json_left in
    \"*) json_text=$json_text$json_piece\\\" ;;
    *) json_text=$json_text$json_piece\\\\ ;;
    esac
    json_left=${json_left#?}
  done
  json_text=\"$json_text$json_left\"
}

json_string() {
  make_json_string "$1"
  printf '%s' "$json_text"
}

whole=json
