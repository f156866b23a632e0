# Finds other programs in the tree that report to the platform.
# shellcheck shell=sh disable=SC2034,SC2154

# Other programs that report to the platform: name|packages|programs|units. Two in one VM fight over the host name and the report.
known_reporters='Azure Linux Agent|walinuxagent waagent WALinuxAgent python-azure-agent|waagent|walinuxagent waagent
cloud-init|cloud-init|cloud-init|cloud-init cloud-init-local cloud-init-main cloud-config cloud-final
azure-init|azure-init|azure-init|azure-init
afterburn|afterburn coreos-afterburn|afterburn|afterburn-checkin afterburn-firstboot-checkin
tiny-azagent|tiny-azagent|tiny-azagent|tiny-azagent'

# Prints the installed ones of some packages, without the tools of the tree's package database.
installed_packages() {
  for installed_package in "$@"; do
    for installed_file in /var/lib/dpkg/status /lib/apk/db/installed; do
      tree_text "$installed_file" 64 || continue
      case $installed_file in
      */dpkg/status)
        sed -n "/^Package: $installed_package\$/,/^\$/s/^Status: .* installed\$/$installed_package/p" "$resolved"
        ;;
      *) sed -n "s/^P:$installed_package\$/$installed_package/p" "$resolved" ;;
      esac
    done
    find_names /var/lib/pacman/local "$installed_package-[0-9]*"
    [ -z "$names" ] || printf '%s\n' "$installed_package"
  done
}

# Prints the links of a name in the folders of a folder: links_in_folders FOLDER FOLDERS NAME, the latter two as patterns. Each
# folder's links are followed inside the tree. A path with a newline gets tabs instead: it stays one line, of which no remedy can
# name a part.
links_in_folders() {
  find_names "$1" "$2"
  while IFS= read -r links_folder; do
    [ -n "$links_folder" ] || continue
    find_names "$1/$links_folder" "$3"
    while IFS= read -r links_name; do
      [ -n "$links_name" ] || continue
      has_link "$1/$links_folder/$links_name" || continue
      case $resolved in
      *"$newline"*) printf '%s' "${resolved#"$root"}" | tr '\n' '\t' && echo ;;
      *) printf '%s\n' "${resolved#"$root"}" ;;
      esac
    done <<EOF_NAMES
$names
EOF_NAMES
  done <<EOF_FOLDERS
$names
EOF_FOLDERS
}

# Prints a command that runs in the tree.
in_tree() {
  if [ -n "$root" ]; then
    printf 'chroot %s %s' "$(quote "$root")" "$*"
  else
    printf '%s' "$*"
  fi
}

remove_command() {
  if tree_file /var/lib/dpkg/status; then
    in_tree apt-get purge "$1"
  elif tree_program tdnf; then
    in_tree tdnf remove "$2"
  elif tree_program zypper; then
    in_tree zypper remove "$3"
  elif tree_dir /var/lib/pacman/local; then
    in_tree pacman -R "$1"
  elif tree_file /lib/apk/db/installed; then
    in_tree apk del "$1"
  else
    in_tree dnf remove "$2"
  fi
}

# Prints the commands that remove some links, a line each, or an init's own command: disable_command LINKS SERVICES
disable_command() {
  printf '%s\n' "$1" | while IFS= read -r disable_link; do
    [ -n "$disable_link" ] || continue
    disable_by=$(each_init print_disable_command "$disable_link" "$2")
    if [ -z "$disable_by" ]; then
      resolve_link "$disable_link"
      if [ -L "$resolved" ]; then disable_by="rm -- $(quote "$root$disable_link")"; else disable_by="take it out of $(quote "$root$disable_link")"; fi
    fi
    printf '%s; ' "$disable_by"
  done
}

print_disable_command() {
  init_disable_command "$1" "$2" || :
}

# Sets $found to a description of a reporter in the tree, and $found_remedy; both are empty if nothing would report.
find_reporter() {
  found='' found_remedy=''
  reporter_packages=$2 reporter_program=$3 reporter_units=$4
  # shellcheck disable=SC2086
  reporter_installed=$(installed_packages $reporter_packages | tr '\n' ' ')
  # shellcheck disable=SC2086
  reporter_enabled=$(
    enabled_units $reporter_units
    likely_units $reporter_units
  )
  # Its own unit may have any name, and its program may be in any folder.
  [ -n "$reporter_enabled" ] || {
    find_started_command "$reporter_program"
    reporter_enabled=$started_by
  }
  [ -n "$reporter_enabled" ] || {
    find_script_that_runs "([^#]*[/ ])?$reporter_program([[:space:]&;]|\$)"
    reporter_enabled=$script_found
  }
  reporter_found=''
  if tree_program "$reporter_program" || { resolve "/usr/local/bin/$reporter_program" && [ -f "$resolved" ]; }; then
    reporter_found=$resolved
  fi
  [ -n "$reporter_installed$reporter_enabled$reporter_found" ] || return 0
  if [ "$1" = cloud-init ]; then
    ! tree_file /etc/cloud/cloud-init.disabled || return 0
  elif [ -z "$reporter_enabled" ]; then
    # shellcheck disable=SC2086
    ! has_unit $reporter_units || return 0
  fi
  found=$1
  [ -z "$reporter_installed" ] || found="$found, package ${reporter_installed% }"
  [ -z "$reporter_found" ] || found="$found, program $reporter_found"
  [ -z "$reporter_enabled" ] || found="$found, enabled by $(printf '%s' "$reporter_enabled" | tr '\n' ' ')"
  case $1 in
  'Azure Linux Agent')
    if [ -n "$reporter_installed$reporter_found" ]; then
      # Ubuntu's package has another name than Debian's.
      reporter_installed=${reporter_installed%% *}
      found_remedy=$(remove_command "${reporter_installed:-walinuxagent}" WALinuxAgent python-azure-agent)
    else
      found_remedy=$(disable_command "$reporter_enabled" "$reporter_units")
    fi
    ;;
  cloud-init)
    found_remedy="$(remove_command cloud-init cloud-init cloud-init), or: touch $(quote "$root/etc/cloud/cloud-init.disabled")"
    ;;
  *)
    found_remedy=$(disable_command "$reporter_enabled" "$reporter_units")
    [ -n "$found_remedy" ] || found_remedy=$(remove_command "$1" "$1" "$1")
    ;;
  esac
  found_remedy=${found_remedy%; }
}

scripts=''

# Sets $scripts to the scripts outside of services, and the tables of cron, a line each. Looks for them once.
find_scripts() {
  [ -z "$scripts" ] || return 0
  find_network_files
  for script_file in $network_files /etc/rc.d/rc.local /etc/inittab /etc/crontab; do add_script "$script_file"; done
  for script_folder in /etc/cron.d /etc/local.d /var/spool/cron /var/spool/cron/crontabs; do
    find_names "$script_folder" '*'
    while IFS= read -r script_file; do
      [ -z "$script_file" ] || scripts=$scripts$script_folder/$script_file$newline
    done <<EOF
$names
EOF
  done
}

# Some inits have the same files.
add_script() {
  case $newline$scripts in *"$newline$1$newline"*) ;; *) scripts=$scripts$1$newline ;; esac
}

# Sets $script_found to the first of them whose lines match a pattern.
find_script_that_runs() {
  script_found='' texts_left=$texts_most
  find_scripts
  while IFS= read -r script_file; do
    if [ -z "$script_file" ] || ! one_text "$script_file" || ! grep -Eq "^$1" "$resolved"; then continue; fi
    script_found=$script_file
    break
  done <<EOF
$scripts
EOF
}

# Sets $found to a script that a service runs and that reports by itself, as the scripts of Microsoft's "no agent" pages do.
find_own_reporter() {
  found='' found_remedy=''
  find_script_that_runs '[^#]*comp=health'
  while IFS= read -r own_script; do
    case $own_script in '' | "$prefix"/*azure-provisioning*) continue ;; esac
    if ! tree_text "$own_script" || ! grep -q 'comp=health' "$resolved"; then continue; fi
    found="the script $own_script" found_remedy="disable the service that runs $own_script"
    return 0
  done <<EOF_SCRIPTS
$(each_boot_init init_started_scripts)
$script_found
EOF_SCRIPTS
}

require_reporters() {
  reporters_found='' reporters_remedy=''
  survey_inits
  while IFS='|' read -r reporters_name reporters_packages reporters_program reporters_units; do
    find_reporter "$reporters_name" "$reporters_packages" "$reporters_program" "$reporters_units"
    add_reporter
  done <<EOF_REPORTERS
$known_reporters
EOF_REPORTERS
  find_own_reporter
  add_reporter
  if [ -z "$reporters_found" ]; then
    ok 'nothing else reports to the platform'
  else
    failure "$exit_not_set_up" "another program reports to the platform, and two in one VM interfere: $reporters_found" \
      "$reporters_remedy; or go on with --force"
    forceable=yes
  fi
}

add_reporter() {
  [ -n "$found" ] || return 0
  reporters_found="${reporters_found:+$reporters_found; }$found"
  reporters_remedy="${reporters_remedy:+$reporters_remedy; }$found_remedy"
}

whole=reporters
