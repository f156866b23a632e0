# What a VM's admin user needs from an image: a folder for the home, and the right to become root. None of it is a failure.
# shellcheck shell=sh disable=SC2034,SC2154

# Below which the program may write homes.
homes_folders='/home /var/home /usr/home /usr/local/home /export/home /data/home /users /srv'

# Sets $homes, and $homes_set_by to the file that says so, if one does.
find_homes() {
  homes=/home homes_set_by=''
  has_useradd_settings || return 0
  homes_set_by=$resolved
  homes=$(useradd_setting HOME)
  [ "$homes" = / ] || homes=${homes%/}
  homes=${homes:-/home}
}

has_useradd_settings() {
  tree_program useradd && { tree_text /etc/default/useradd || tree_text /usr/etc/default/useradd; }
}

# Prints a setting of the file that has_useradd_settings found.
useradd_setting() {
  sed -n "s/^$1=//p" "$resolved" | tail -n 1 | tr -d '[:blank:]\r'
}

check_homes() {
  ! is_left_out user || return 0
  find_homes
  if ! is_homes_folder; then
    warning "the home of a VM's admin user goes to /home, and not to $homes, which $homes_set_by names: the program may not write there" \
      "set HOME to one of $homes_folders"
  elif ! folder "$homes"; then
    ok "$homes is missing, and is created at the first boot"
  elif why_homes_are_unsafe; then
    warning "a VM gets no SSH keys: $why" 'let root own it, and only root write to it'
  else
    ok "homes are below $homes"
  fi
}

is_homes_folder() {
  case $homes/ in *//* | */./* | */../*) return 1 ;; esac
  for homes_folder in $homes_folders; do
    case $homes in "$homes_folder" | "$homes_folder"/*) return 0 ;; esac
  done
  return 1
}

# Sets $why. Whoever built the tree owns its /etc. The program follows one link, and checks more than this.
why_homes_are_unsafe() {
  homes_builder=$(stat -L -c %u "$root/etc") || return 1
  if has_link "$homes"; then
    if [ "$(stat -c %u "$resolved")" != "$homes_builder" ]; then
      why="the link $homes does not belong to root"
      return 0
    fi
    homes_target=$(readlink "$resolved")
    case $homes_target in /*) ;; *) homes_target=${homes%/*}/$homes_target ;; esac
    if has_link "$homes_target"; then
      why="$homes is a link to another link, and only one is followed"
      return 0
    fi
  fi
  folder "$homes"
  why="$homes does not belong to root alone"
  case $(stat -c '%u %a' "$real") in
  "$homes_builder "*[2367]? | "$homes_builder "*[2367]) return 0 ;;
  "$homes_builder "*) return 1 ;;
  esac
}

check_sudo() {
  ! is_left_out sudo || return 0
  rights_wanted=auto
  ! tree_text /etc/azure-provisioning.conf ||
    rights_wanted=$(sed -n 's/^[[:space:]]*admin-sudo[[:space:]]*=[[:space:]]*//p' "$resolved" | tail -n 1)
  case $rights_wanted in
  false*)
    ok 'the admin user of a VM gets no rule for sudo or doas: admin-sudo is false'
    return 0
    ;;
  esac
  if tree_program sudo; then
    if ! { tree_text /etc/sudoers || tree_text /usr/etc/sudoers; }; then
      warning 'the admin user of a VM cannot become root: sudo has no /etc/sudoers' 'install sudo anew'
    elif grep -Eq '^[[:space:]]*[@#]includedir[[:space:]]+"?/etc/sudoers\.d/?"?[[:space:]]*$' "$resolved"; then
      ok 'the admin user of a VM becomes root with sudo'
    else
      warning "the admin user of a VM cannot become root: $resolved does not include /etc/sudoers.d" \
        'add the line "@includedir /etc/sudoers.d" to it'
    fi
  elif tree_program doas; then
    ok 'the admin user of a VM becomes root with doas'
  else
    case $rights_wanted in
    true*)
      warning 'the admin user of a VM cannot become root: neither sudo nor doas is installed' 'install one, or remove admin-sudo'
      ;;
    *) ok 'there is neither sudo nor doas: the admin user of a VM does not become root' ;;
    esac
  fi
}

whole=login_checks
