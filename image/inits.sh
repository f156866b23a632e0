# The inits that this release has units for: a folder of units/ each, whose init.sh says all that is particular to one.
#
# An init.sh sets
#   $init_unit              the path in the image that the init starts the first boot by
#   $init_untested          "yes" if nobody has booted it yet ("no")
#   $init_network_files     files of the init in which people start a DHCP client by hand (none)
#   $init_host_keys_unit    the path of a service that makes missing SSH host keys (none)
#   $init_host_keys_mode    that file's mode (755)
# and defines
#   init_detect             whether the image has the init
#   init_files              puts the unit's files into the image, in the words of files.sh and lines.sh
#   init_enable             has the init start the unit
#   init_disable            undoes that
#   init_is_enabled         whether the init starts the unit
#   init_hint               says how to look at a first boot, on the VM
#   $whole                  in its last line, the name of the init: a copy that was cut off lacks that
# and where the defaults of load_init do not fit
#   init_is_installed       whether the unit is in the image
#   init_is_pid_1           whether it is certainly the one that the image boots with
#   init_after              what to do after an installation
#   init_take_leftovers     removes what --uninstall does not know from the manifest
#   init_plan_leftovers     plans what --generalize removes, in the words of leftovers.sh
#   init_runs_user_data     whether a VM runs its user data
#   init_service_files NAME     prints the files that the init starts a service by
#   init_survey             reads once what init_service_links and init_started_commands look up
#   init_service_links NAME     prints the links, or files, because of which a service is started at boot
#   init_likely_links NAME      prints those that start it if something else does that is not known here
#   init_started_commands WORDS prints the file of a service that is started, whose command has one of some words: "a|b"
#   init_has_service NAME       whether the init knows a service, enabled or not
#   init_started_scripts    prints the programs, in folders that are not a distribution's, of services that are started
#   init_disable_command LINK SERVICES   prints the command that disables one of some services, if removing the link, or what a
#                           file says, is not the way
#   init_makes_host_keys        whether missing SSH host keys are made at boot already
#   init_print_host_keys KEYGEN     prints the service that makes them
#   init_host_keys_links            prints the links that enable that, "LINK TARGET"
#   init_has_host_keys_link LINK    whether one of those is there
#   init_host_keys_are_ordered      whether the init starts it before SSH; sets $resolved to the file that says so
#   init_order_host_keys            the filter that puts it into that file
# shellcheck shell=sh disable=SC2034,SC2154,SC2317

# Sets $units to the folder of the units, and $known_inits to the names of the inits in it.
use_units() {
  units=$1
  known_inits=$(
    set +f
    for init_file in "$units"/*; do
      init_name=${init_file##*/}
      # It is looked up in the manifest, and printed.
      case $init_name in '' | common | *[!a-z0-9_-]*) continue ;; esac
      if [ -s "$init_file/init.sh" ]; then
        printf ' %s' "$init_name"
      elif [ -d "$init_file" ]; then
        die "$exit_not_set_up" "$(shown "$init_file/init.sh") is missing, or empty: copy the whole release folder"
      fi
    done
  )
  known_inits=${known_inits# }
  [ -n "$known_inits" ] || die "$exit_not_set_up" "$(shown "$units") has no inits: copy the whole release folder"
}

# Gives the functions and variables init_* the meaning that one of the known inits has for them.
load_init() {
  # Its file is run: a name from a tree must never be a path here.
  case $1:" $known_inits " in
  *[!a-z0-9_-]*:* | :*) die "$exit_internal" "There is no init $(shown "$1")" ;;
  *:*" $1 "*) ;;
  *) die "$exit_internal" "There is no init $(shown "$1")" ;;
  esac
  init_unit='' init_untested=no init_network_files='' init_host_keys_unit='' init_host_keys_mode=755
  init_is_installed() { tree_file "$init_unit"; }
  init_is_pid_1() { false; }
  init_after() { :; }
  init_take_leftovers() { :; }
  init_plan_leftovers() { :; }
  init_runs_user_data() { tree_file /etc/azure-provisioning.userdata; }
  init_service_files() { :; }
  init_survey() { :; }
  init_service_links() { :; }
  init_likely_links() { :; }
  init_started_commands() { :; }
  init_started_scripts() { :; }
  init_has_service() { false; }
  init_disable_command() { false; }
  init_makes_host_keys() { service_makes_host_keys; }
  init_has_host_keys_link() { found "$1"; }
  init_host_keys_are_ordered() { :; }
  # shellcheck disable=SC1090
  . "$units/$1/init.sh"
}

# Exits if one of the files init.sh, which are only run when they are needed, was cut off.
require_whole_inits() {
  for init in $known_inits; do
    (whole='' && load_init "$init" && [ "$whole" = "$init" ]) ||
      die "$exit_not_set_up" "units/$init/init.sh is not whole: copy the whole release folder"
  done
}

# Prints the known inits that an image has. Has to run in a subshell.
inits_here() {
  for init in $known_inits; do
    if load_init "$init" && init_detect; then printf '%s\n' "$init"; fi
  done
}

# Prints those that it may boot with: the first process may serve others, or they are left over. Has to run in a subshell.
inits_in_use() {
  for init in $known_inits; do
    if load_init "$init" && init_is_pid_1; then
      printf '%s\n' "$init"
      return 0
    fi
  done
  inits_here
}

# Sets $used_inits to those, for what changes nothing.
find_used_inits() {
  [ -z "${used_inits-}" ] || return 0
  used_inits=$(inits_in_use)
}

# Prints the path of an init's unit in the image; fails if it is not installed.
unit_of() (
  load_init "$1"
  init_is_installed && printf '%s\n' "$init_unit"
)

unit_is_enabled() (
  load_init "$1"
  init_is_enabled
)

enable_unit() (
  load_init "$1"
  # install.sh has recorded the link if it has put the unit there. Otherwise it must not take the link back.
  record() { :; }
  init_enable >/dev/null
  init_is_enabled
)

# each_init FUNCTION [ARGUMENT]...: runs one of the functions init_* for every known init, each in a subshell.
each_init() {
  for each_init in $known_inits; do
    (load_init "$each_init" && "$@") || return
  done
}

# Sets $boot_inits to those that the image may boot with, and has each read what the functions below look up: once, as they run
# in subshells.
survey_inits() {
  [ -z "${boot_inits-}" ] || return 0
  find_used_inits
  # Nothing is known of what it boots with.
  boot_inits=${used_inits:-$known_inits}
  for init in $boot_inits; do
    load_init "$init"
    init_survey
  done
}

# each_boot_init FUNCTION [ARGUMENT]...: runs one of the functions init_* for each of them. Has to run in a subshell.
each_boot_init() {
  survey_inits
  for each_init in $boot_inits; do
    { load_init "$each_init" && "$@"; } || return
  done
}

# Prints the links, or files, because of which one of some services is started at boot, a line each.
enabled_units() {
  each_boot_init links_of "$@"
}

links_of() {
  for links_of_unit in "$@"; do init_service_links "$links_of_unit"; done
}

# Prints the links that may start one of them.
likely_units() {
  each_boot_init likely_links_of "$@"
}

likely_links_of() {
  for links_of_unit in "$@"; do init_likely_links "$links_of_unit"; done
}

# Sets $started_by to the first file of a service that is started and whose command has one of some words.
find_started_command() {
  started_by=$(each_boot_init init_started_commands "$1")
  started_by=${started_by%%"$newline"*}
}

# Sets $enabled_by to the first of what enabled_units prints.
find_enabled_unit() {
  enabled_by=$(enabled_units "$@")
  enabled_by=${enabled_by%%"$newline"*}
}

# Whether any init knows one of some services, so that no link means that it is disabled.
has_unit() {
  ! each_init has_none_of "$@"
}

has_none_of() {
  for none_of_unit in "$@"; do ! init_has_service "$none_of_unit" || return 1; done
}

# Prints the files that any init starts a service by, a line each.
service_files() {
  each_init init_service_files "$1"
}

network_files=''

# Sets $network_files to the files in which people start a DHCP client by hand, a line each.
find_network_files() {
  [ -z "$network_files" ] || return 0
  network_files=$(
    printf '%s\n' /etc/init.d/rcS /etc/rc.local /etc/rc.conf
    for init in $known_inits; do
      load_init "$init"
      for network_file in $init_network_files; do printf '%s\n' "$network_file"; done
    done
  )
}

whole=inits
