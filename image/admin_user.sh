# Plans the removal of a VM's admin user, for generalize.sh --user NAME.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $user, and if that user exists, $user_id and $user_home.
find_user() {
  user=$1 user_id='' user_home=''
  case $user in
  '' | [!A-Za-z_]* | *[!A-Za-z0-9._-]*) die "$exit_usage" "--user: $(shown "$user") is not a valid user name" ;;
  esac
  check_accounts
  user_entry "$user" || return 0
  case $user_id in
  # No user has a larger number, and a shell may not handle one.
  '' | *[!0-9]* | ???????????*) die "$exit_not_set_up" "/etc/passwd has no valid number for $user: correct it first" ;;
  esac
  if [ "$user_id" -lt 500 ] || [ "$user_id" -ge 65534 ]; then
    die "$exit_usage" "--user: $user is a system user (number $user_id), not an admin user"
  fi
}

user_files='group group- gshadow gshadow- subuid subuid- subgid subgid- shadow shadow- passwd- passwd'

# The user's entry would stay in a file that cannot be read.
check_accounts() {
  for name in $user_files; do
    if found "/etc/$name" && ! tree_text "/etc/$name"; then
      die "$exit_not_set_up" "Cannot read $(shown "$real"): $why_not"
    fi
  done
}

user_entry() {
  tree_text /etc/passwd || return 1
  while IFS=: read -r entry _ id _ _ home _ || [ -n "$entry" ]; do
    [ "$entry" = "$1" ] || continue
    user_id=$id user_home=$home
    return 0
  done <"$resolved"
  return 1
}

# Refuses to remove a user who is logged in, and one without whom nobody could log in.
#
#   allow_user_removal yes|no    whether the latter is allowed
allow_user_removal() {
  [ -n "$user_id" ] || return 0
  if [ -z "$root" ] && user_is_here; then
    die "$exit_not_permitted" "$user is logged in, or has processes: log in as somebody else (root on the serial console), \
or generalise a copy of the image with --root DIR"
  fi
  [ "$1" = yes ] || somebody_else_can_log_in ||
    die "$exit_not_set_up" "Without $user nobody can log in: no other user has a password or an authorized key. If \
something creates a user at the first boot, use --allow-no-login"
}

user_is_here() {
  for name in "${SUDO_USER-}" "${DOAS_USER-}" "${LOGNAME-}" "${USER-}"; do
    [ "$name" != "$user" ] || return 0
  done
  # Without it, the owners of processes are unknown.
  stat -c %u / >/dev/null 2>&1 || return 0
  for process in /proc/[0-9]*; do
    [ "$(stat -c %u "$process" 2>/dev/null)" = "$user_id" ] || continue
    # Outside of a chroot, processes have other users.
    [ "$(stat -L -c %d:%i "$process/root/" 2>/dev/null)" != "$(stat -c %d:%i /)" ] || return 0
  done
  return 1
}

somebody_else_can_log_in() {
  logins=$(other_logins) || return 1
  while IFS= read -r login; do
    if [ "$login" = password ] || has_key "$login"; then return 0; fi
  done <<EOF
$logins
EOF
  return 1
}

# Prints "password" if another user has one; otherwise the homes of users with a shell.
other_logins() {
  passwords=/dev/null
  ! tree_text /etc/shadow || passwords=$resolved
  tree_text /etc/passwd || return 1
  awk -F: -v name="$user" '
    in_shadow { if ($2 ~ /^[^!*]/) passwords[$1]; next }
    $1 == name || $7 ~ /\/(nologin|false|sync)$/ { next }
    $1 in passwords { print "password"; exit }
    $6 ~ /^\// && !($6 in homes) { homes[$6]; print $6 }' in_shadow=1 "$passwords" in_shadow= "$resolved"
}

has_key() {
  for keys in authorized_keys authorized_keys2; do
    ! tree_file "$1/.ssh/$keys" || [ ! -s "$resolved" ] || return 0
  done
  return 1
}

plan_user() {
  plan_user_home
  plan_path "mail of $user" "/var/mail/$user" "/var/spool/mail/$user"
  plan_path "cron table of $user" "/var/spool/cron/crontabs/$user" "/var/spool/cron/$user"
  plan_path "keys of $user" "/etc/ssh/authorized_keys/$user" "/etc/ssh/authorized_keys.d/$user"
  plan_path "what the system keeps about $user" \
    "/var/lib/AccountsService/users/$user" "/var/lib/AccountsService/icons/$user" "/var/lib/systemd/linger/$user" \
    "/var/lib/sudo/lectured/$user" "/var/lib/sudo/ts/$user" "/var/db/sudo/lectured/$user"
  plan_sudo_rules
  plan_doas_rule
  # The account files last: until they are changed, another run can find everything above again.
  for name in $user_files; do
    plan_user_entries "$name"
  done
}

plan_user_home() {
  [ -n "$user_home" ] || return 0
  if ! found "$user_home"; then
    leave_foreign_link
    return 0
  fi
  home=$real
  if why_home_stays; then
    leave "$home" "$why"
  else
    plan_removal "$home" "home of $user"
  fi
}

# Sets $why.
why_home_stays() {
  case $user_home/ in
  [!/]* | */../* | */./* | *//*) why="home of $user, with an unusual path: look at it, and remove it yourself" ;;
  /usr/home/?*/ | /usr/local/home/?*/) why_folder_stays ;;
  /root/* | /bin/* | /boot/* | /dev/* | /etc/* | /lib*/* | /opt/ | /proc/* | /run/* | /sbin/* | /srv/ | /sys/* | /tmp/ | \
    /usr/* | /var/ | /var/lib/ | /var/tmp/ | /home/ | /var/home/ | /mnt/ | /media/)
    why="home of $user, but a folder of the system"
    ;;
  *) why_folder_stays ;;
  esac
}

# Sets $why.
why_folder_stays() {
  if [ -L "$home" ] || ! [ -d "$home" ]; then
    why="home of $user, but not a folder"
  elif [ "$(stat -c %u "$home")" != "$user_id" ]; then
    why="home of $user, but owned by somebody else (not number $user_id)"
  elif shares_home; then
    why="home of $user, and of another user"
  else
    return 1
  fi
}

shares_home() {
  tree_text /etc/passwd || return 1
  while IFS=: read -r name _ _ _ _ other _ || [ -n "$name" ]; do
    [ "$name" != "$user" ] || continue
    case $other in
    /*) resolve "$other" && other_home=${resolved#"$root"} || other_home=$other ;;
    *) continue ;;
    esac
    case $other_home/ in "${home#"$root"}"/*) return 0 ;; esac
  done <"$resolved"
  return 1
}

plan_user_entries() {
  if can_edit "/etc/$1" && [ "$("filter_${1%-}" <"$real")" != "$(cat "$real")" ]; then
    plan_step edit "edit_${1%-}" "$real" "remove the entries of $user"
  fi
}

edit_passwd() { edit "$1" filter_passwd; }
edit_shadow() { edit "$1" filter_shadow; }
edit_subuid() { edit "$1" filter_subuid; }
edit_subgid() { edit "$1" filter_subgid; }
edit_group() { edit "$1" filter_group; }
edit_gshadow() { edit "$1" filter_gshadow; }

filter_passwd() { awk -F: -v name="$user" '$1 != name'; }
filter_shadow() { filter_passwd; }
filter_subuid() { awk -F: -v name="$user" -v id="$user_id" '$1 != name && (id == "" || $1 != id)'; }
filter_subgid() { filter_subuid; }
filter_group() { filter_members 4; }
filter_gshadow() { filter_members 3; }

# Removes the user from the lists of members, which start at a field, and the group of the user's name, unless others are in it or
# have it as their group.
filter_members() {
  awk -F: -v OFS=: -v name="$user" -v first="$1" -v in_use="$(own_group_in_use && echo 1)" '
    function without(list, members, count, i, kept, part) {
      if (!index("," list ",", "," name ",")) return list
      count = split(list, members, ",")
      for (i = 1; i <= count; i++) {
        if (members[i] == name) continue
        # So that a long list is not copied as a whole for each member.
        part = part "," members[i]
        if (length(part) > 4096) {
          kept = kept part
          part = ""
        }
      }
      return substr(kept part, 2)
    }
    {
      others = ""
      for (i = first; i <= 4 && i <= NF; i++) {
        kept = without($i)
        if (kept != $i) $i = kept
        others = others kept
      }
    }
    $1 != name || others != "" || in_use'
}

own_group_in_use() {
  tree_text /etc/group || return 1
  own_group=$(awk -F: -v name="$user" '$1 == name { print $3; exit }' "$resolved")
  [ -n "$own_group" ] && tree_text /etc/passwd &&
    awk -F: -v name="$user" -v id="$own_group" '$1 != name && $4 == id { found = 1 } END { exit !found }' "$resolved"
}

whole=admin_user
