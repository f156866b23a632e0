# The inits that install.sh knows: a folder of units/ each.
# shellcheck shell=sh disable=SC2034,SC2154,SC2317

known_inits='systemd openrc sysv runit busybox s6 finit dinit'

# Defines the functions init_* of one of these inits.
load_init() {
  # It is run: a name read from a tree must not get here.
  # shellcheck disable=SC2086
  is_one_of "$1" $known_inits || die "$exit_internal" "There is no init $(shown "$1")"
  init_untested=no
  init_after() { :; }
  init_leftovers() { :; }
  # shellcheck disable=SC1090
  . "$units/$1/init.sh"
}
