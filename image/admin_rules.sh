# Plans the removal of what lets a VM's admin user become root, for generalize.sh --user NAME.
# shellcheck shell=sh disable=SC2034,SC2154

# Removes files that name nobody else. An edit by a program could break sudo as a whole.
plan_sudo_rules() {
  if tree_text /etc/sudoers && [ -n "$(sudo_rules_for "$resolved")" ]; then
    leave "$resolved" "has sudo rules that name $user: edit it with visudo"
  fi
  folder /etc/sudoers.d || return 0
  texts_left=$texts_most
  for rules in "$real"/*; do
    if [ -L "$rules" ] || ! [ -f "$rules" ]; then continue; fi
    if ! is_text "$rules" || is_one_too_many; then
      leave "$rules" "$why_not: make sure that it has no rules of $user"
      continue
    fi
    case $(sudo_rules_for "$rules") in
    only) plan_removal "$rules" "sudo rules of $user" ;;
    also) leave "$rules" "has sudo rules of $user, and others: edit it with visudo" ;;
    esac
  done
}

# Prints whether a file has "only" rules of the user, "also" some or names the user elsewhere, such as in an alias; or none.
sudo_rules_for() {
  awk -v name="$user" -v id="$user_id" '
    /^[[:space:]]*(#|$)/ && !/^[[:space:]]*#(include|[0-9])/ { next }
    # The program writes it in quotes.
    $1 == name || $1 == "\"" name "\"" || (id != "" && $1 == "#" id) { own = 1; next }
    {
      others = 1
      count = split($0, words, /[^A-Za-z0-9._-]+/)
      for (i = 1; i <= count; i++) if (words[i] == name) named = 1
    }
    END { if (own || named) print (others ? "also" : "only") }' "$1"
}

# Removes only the program's own rule, with a password or without.
plan_doas_rule() {
  doas_rule="\"$user\" # Added by azure-provisioning"
  can_edit /etc/doas.conf || return 0
  if grep -qxF -e "permit nopass $doas_rule" -e "permit $doas_rule" "$real"; then plan_step edit edit_doas "$real" "remove the rule for $user"; fi
  [ -z "$(filter_doas <"$real" | doas_rules)" ] || leave "$real" "has other rules that name $user: edit it"
}

edit_doas() { edit "$1" filter_doas; }

filter_doas() { awk -v rule="$doas_rule" '$0 != "permit nopass " rule && $0 != "permit " rule'; }

# Prints the rules that name the user.
doas_rules() {
  awk -v name="$user" '
    {
      rule = $0
      sub(/#.*/, "", rule)
      count = split(rule, words, /[^A-Za-z0-9._-]+/)
      for (i = 1; i <= count; i++) if (words[i] == name) { print; next }
    }'
}

whole=admin_rules
