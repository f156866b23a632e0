# What the last look of a first boot would say of any admin user. The first boot looks more closely, at the user that the VM has.
# shellcheck shell=sh disable=SC2034,SC2154

check_login() {
  ! is_left_out login || return 0
  for login_look in nologin way shell expiry lists server; do
    login_why='' login_remedy=''
    "look_at_$login_look"
    [ -z "$login_why" ] || {
      warning "$login_why" "$login_remedy"
      return 0
    }
  done
  ok 'nothing that is known here keeps the admin user of a VM out'
}

look_at_nologin() {
  tree_file /etc/nologin || return 0
  login_why="$resolved keeps everybody but root out" login_remedy='remove it'
}

# The user has to search every folder on the way to the home.
look_at_way() {
  ! is_left_out user || return 0
  find_homes
  is_homes_folder || homes=/home
  folder "$homes" || return 0
  login_folder=$real
  while :; do
    case $(stat -c '%g %a' "$login_folder") in
    *[1357] | [1-9]*[1357]?) ;;
    *)
      login_why="only root may search $login_folder, and so no SSH server finds the keys of a VM's admin user"
      login_remedy="let others search it: chmod o+x $(quote "$login_folder")"
      return 0
      ;;
    esac
    [ "$login_folder" != "${root:-/}" ] && [ "$login_folder" != / ] || return 0
    login_folder=${login_folder%/*}
    login_folder=${login_folder:-/}
  done
}

# The shell that a new user gets.
look_at_shell() {
  ! is_left_out user || return 0
  login_shell=''
  ! tree_text /etc/azure-provisioning.conf ||
    login_shell=$(sed -n 's/^[[:space:]]*admin-shell[[:space:]]*=[[:space:]]*//p' "$resolved" | tail -n 1 | tr -d '[:blank:]\r')
  if [ -n "$login_shell" ] && ! { tree_file "$login_shell" && [ -x "$resolved" ]; }; then
    login_why="the shell $(shown "$login_shell"), which admin-shell names, does not exist: a VM's admin user gets another one"
    login_remedy='install it, or remove admin-shell'
    return 0
  fi
  case $login_shell in
  */nologin | */false | */true | */sync | */halt | */shutdown)
    login_why="the shell $(shown "$login_shell"), which admin-shell names, lets nobody log in" login_remedy='name another one'
    return 0
    ;;
  esac
  for login_usual in /bin/bash /bin/sh; do
    [ -n "$login_shell" ] || ! { tree_file "$login_usual" && [ -x "$resolved" ]; } || login_shell=$login_usual
  done
  [ -n "$login_shell" ] && find_who_wants_shells || return 0
  if tree_text /etc/shells; then
    ! lists_shell <"$resolved" || return 0
  else
    case $shells_wanted_by in
    dropbear) case $login_shell in /bin/sh | /bin/csh) return 0 ;; esac ;;
    *) ! { tree_file /usr/etc/shells || tree_file /usr/share/defaults/etc/shells; } || return 0 ;;
    esac
  fi
  login_why="$shells_wanted_by lets nobody in whose shell is not in /etc/shells, such as $(shown "$login_shell") of a VM's admin user"
  login_remedy="add it to $root/etc/shells"
}

# Sets $shells_wanted_by.
find_who_wants_shells() {
  shells_wanted_by=''
  if tree_program sshd; then
    if uses_pam && pam_wants_shells; then shells_wanted_by=pam_shells; fi
  elif tree_program dropbear && ! tree_program tinysshd; then
    shells_wanted_by=dropbear
  fi
  [ -n "$shells_wanted_by" ]
}

# Whether sshd asks PAM, which it does not by default.
uses_pam() {
  for pam_config in $(sshd_configs); do
    resolve "$pam_config"
    ! grep -Eiq '^[[:space:]]*UsePAM[[:space:]=]+"?yes' "$resolved" || return 0
  done
  return 1
}

# Whether pam_shells has to succeed for the service sshd or what it includes, whatever the way to log in.
pam_wants_shells() {
  pam_left=sshd pam_count=0
  while [ -n "$pam_left" ] && [ "$pam_count" -lt 32 ]; do
    pam_count=$((pam_count + 1))
    pam_service=${pam_left%% *}
    case $pam_left in *' '*) pam_left=${pam_left#* } ;; *) pam_left='' ;; esac
    tree_text "/etc/pam.d/$pam_service" || tree_text "/usr/etc/pam.d/$pam_service" || tree_text "/usr/lib/pam.d/$pam_service" ||
      continue
    ! grep -Eiq '^[[:space:]]*-?account[[:space:]]+(required|requisite)[[:space:]]+([^[:space:]]*/)?pam_shells\.so' "$resolved" ||
      return 0
    # Names without slashes or blanks.
    while IFS= read -r pam_service; do
      [ -z "$pam_service" ] || [ "${#pam_left}" -ge 1000 ] || pam_left="${pam_left:+$pam_left }$pam_service"
    done <<EOF
$(sed -n 's/^[[:space:]]*@include[[:space:]][[:space:]]*\([A-Za-z0-9._-]*\).*/\1/p
  s/^[[:space:]]*-*account[[:space:]][[:space:]]*\(include\|substack\)[[:space:]][[:space:]]*\([A-Za-z0-9._-]*\).*/\2/p' "$resolved" | head -n 32)
EOF
  done
  return 1
}

# Reads shells(5): dropbear ends a shell at a blank or a comment, and pam_shells compares whole lines.
lists_shell() {
  case $shells_wanted_by in
  dropbear) sed -n 's/^[^#\/]*\(\/[^#[:space:]]*\).*/\1/p' ;;
  *) cat ;;
  esac | grep -qxF -- "$login_shell"
}

# A new user's account expires when useradd says so.
look_at_expiry() {
  ! is_left_out user || return 0
  has_useradd_settings || return 0
  login_expires=$(useradd_setting EXPIRE)
  [ -n "$login_expires" ] || return 0
  login_why="the account of a VM's admin user expires on $(shown "$login_expires"): $resolved says so for all new users"
  login_remedy='remove EXPIRE from it'
}

look_at_lists() {
  tree_program sshd || return 0
  for login_config in $(sshd_configs); do
    resolve "$login_config"
    login_line=$(narrow_login_line <"$resolved") || :
    [ -n "$login_line" ] || continue
    login_why="sshd may let the admin user of a VM not in: $resolved has \"$(shown "$login_line")\""
    login_remedy='let it in, or have the first boot be NotReady then: "with = login"'
    return 0
  done
}

# What the other SSH servers do not take.
look_at_server() {
  ! tree_program sshd || return 0
  if tree_program tinysshd && ! tree_program dropbear; then
    login_why='tinysshd takes no passwords, and no keys but ssh-ed25519: other VMs let nobody in'
    login_remedy='create VMs with such keys, or install another SSH server'
  elif tree_program dropbear && ! tree_program tinysshd && dropbear_refuses_passwords; then
    login_why="dropbear takes no passwords, because $resolved starts it with -s: a VM without keys lets nobody in"
    login_remedy='create VMs with keys, or remove -s'
  fi
}

dropbear_refuses_passwords() {
  for dropbear_file in /etc/default/dropbear /etc/conf.d/dropbear /etc/inittab; do
    tree_text "$dropbear_file" || continue
    # In a group of options without values, such as -ws.
    ! grep -Eq "^[^#]*(DROPBEAR_[A-Z_]*=|/dropbear[[:space:]])(.*[\"'[:space:]])?-[BEFRaegijksw]*s[BEFRaegijksw]*([\"'[:space:]]|\$)" \
      "$resolved" || return 0
  done
  return 1
}

# Prints the first line of a configuration of sshd that lets only some users, some groups or others than keys in. What is in a
# Match may not matter. The groups are those that the user gets by default.
narrow_login_line() {
  awk '
    { keyword = tolower($1); sub(/[="].*/, "", keyword); all = 0 }
    keyword == "match" { exit }
    keyword ~ /^(allowusers|allowgroups|authenticationmethods)$/ {
      for (i = 2; i <= NF; i++) {
        word = $i
        gsub(/"/, "", word)
        if (keyword == "allowusers" && word ~ /[*?]/) all = 1
        if (keyword == "allowgroups" && word ~ /[*?]|^(adm|sudo|wheel)$/) all = 1
        if (keyword == "authenticationmethods" && word ~ /^(any|publickey)$/) all = 1
      }
      # Further lines of a list add to it.
      if (all) good[keyword] = 1
      if (!(keyword in line)) line[keyword] = $0
      order[++count] = keyword
    }
    keyword == "denyusers" && / "?\*"?( |$)/ { print; shown = 1; exit }
    keyword == "denygroups" && / "?(\*|adm|sudo|wheel)"?( |$)/ { print; shown = 1; exit }
    END {
      if (shown) exit
      for (i = 1; i <= count; i++) if (!(order[i] in good)) { print line[order[i]]; exit }
    }'
}

whole=last_look
