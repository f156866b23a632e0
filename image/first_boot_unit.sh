# The first-boot unit of this project in an image, asked and enabled through units/INIT/init.sh. Those all define the same
# functions, so that each is read in a subshell. Read by generalize.sh and check.sh, after files.sh.
# shellcheck shell=sh disable=SC2154,SC2317

# Prints the inits of the image, the known ones.
inits_here() {
  for init in $known_inits; do
    ! (load_init "$init" && init_detect) || printf '%s\n' "$init"
  done
}

# Prints those that an image may boot with: where systemd is the first process, others are its servants, or left over.
inits_in_use() {
  if first_file /sbin/init /usr/sbin/init && [ "${resolved##*/}" = systemd ]; then
    echo systemd
  else
    inits_here
  fi
}

# Prints what an init starts the program by, as a path of the image; fails where it is not installed.
unit_of() (
  load_init "$1"
  case $1 in
  systemd) unit=$init_unit ;;
  openrc | sysv) unit=$init_script ;;
  runit | s6) unit=$init_service/run ;;
  finit) unit=$init_conf ;;
  dinit) unit=$init_service ;;
  busybox)
    unit=$init_inittab
    has_lines "$unit" || exit 1
    ;;
  *) exit 1 ;;
  esac
  tree_file "$unit" && printf '%s\n' "$unit"
)

unit_is_enabled() (
  load_init "$1"
  init_is_enabled
)

enable_unit() (
  load_init "$1"
  # Where install.sh has put the unit, it has written down the link, too; where it has not, it is not to.
  record() { :; }
  init_enable >/dev/null
  init_is_enabled
)
