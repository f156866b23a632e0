# Plans what generalize.sh --logs empties or removes.
# shellcheck shell=sh disable=SC2034,SC2154

plan_logs() {
  plan_files 'the journal of this VM' /var/log/journal '*'
  if folder /var/log; then plan_logs_in "$real" 0; fi
  plan_histories_in /root
  while IFS= read -r home; do
    case $home in
    / | /nonexistent | [!/]* | '') ;;
    *) plan_histories_in "$home" ;;
    esac
  done <<EOF
$(all_homes)
EOF
}

# Prints the homes of all users, a line each.
all_homes() {
  tree_text /etc/passwd || return 0
  awk -F: '!($6 in homes) { homes[$6]; print $6 }' "$resolved"
}

# plan_logs_in FOLDER DEPTH
plan_logs_in() {
  if [ "$2" -gt 30 ]; then
    leave "$1" 'has folders nested too deep for logs'
    return 0
  fi
  for log in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -L "$log" ] || is_going "$log"; then
      continue
    elif [ -d "$log" ]; then
      plan_logs_in "$log" "$(($2 + 1))"
    elif [ -f "$log" ]; then
      case $log in
      *.gz | *.xz | *.bz2 | *.zst | *.old | *.[0-9] | *.[0-9][0-9]) plan_removal "$log" 'an old log' ;;
      *) [ ! -s "$log" ] || plan_step empty empty "$log" 'a log' ;;
      esac
    fi
  done
}

plan_histories_in() {
  plan_files 'a history' "$1" '.*_history' .lesshst .viminfo .wget-hsts
  plan_files 'a history' "$1/.local/share/fish" fish_history
}

whole=logs
