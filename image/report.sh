# Reports what the checks found: failures first, then warnings, then the rest, and a verdict.
# shellcheck shell=sh disable=SC2034,SC2154

report_failures='' report_warnings='' report_rest='' failure_count=0 warning_count=0

# Notes the result of a check: tell CHECK
tell() {
  make_remedy_said "$remedy"
  if [ "$json" = yes ]; then
    make_json_string "$1"
    tell_line="  {\"check\": $json_text, \"status\": \"$result\", \"message\": "
    make_json_string "$message"
    tell_line="$tell_line$json_text, \"remedy\": "
    make_json_string "$remedy_said"
    tell_line="$tell_line$json_text}"
  else
    # Escaped separately, so that a long message does not cut off the remedy.
    make_printable "$message"
    tell_line="$result $1: $printable${remedy_said:+; remedy: $remedy_said}"
  fi
  case $result in
  failure)
    report_failures=$report_failures$tell_line$newline
    failure_count=$((failure_count + 1))
    ;;
  warning)
    report_warnings=$report_warnings$tell_line$newline
    warning_count=$((warning_count + 1))
    ;;
  *) report_rest=$report_rest$tell_line$newline ;;
  esac
}

print_report() {
  if [ "$json" = yes ]; then
    report_all=$report_failures$report_warnings$report_rest
    # Every line but the last gets a comma.
    printf '[\n%s\n]\n' "$(printf '%s' "$report_all" | sed '$!s/$/,/')"
    return 0
  fi
  [ "$quiet" = no ] || report_rest=''
  printf '%s%s%s' "$report_failures" "$report_warnings" "$report_rest"
  print_verdict
}

print_verdict() {
  verdict_warnings=$(counted "$warning_count" warning)
  if [ "$failure_count" = 0 ] && [ "$warning_count" = 0 ]; then
    echo 'This image is ready for Azure.'
  elif [ "$failure_count" = 0 ]; then
    echo "This image is ready for Azure, with $verdict_warnings."
  else
    echo "This image is not ready for Azure: $(counted "$failure_count" failure), $verdict_warnings."
  fi
}

# counted NUMBER WORD
counted() {
  if [ "$1" = 1 ]; then echo "1 $2"; else echo "$1 $2s"; fi
}

whole=report
