# The command lines of install.sh, check.sh and generalize.sh, as far as they are alike. To be sourced after common.sh and
# tree.sh.
#
# Each of them has in $options_with_value the options that take one, beside --root and --prefix, a function usage, and a
# function set_option OPTION VALUE for its own.
# shellcheck shell=sh disable=SC2034,SC2154

usage_error() {
  die "$exit_usage" "$*; --help has the options"
}

# Sets $named_root to what --root or DESTDIR says, $root to where that is, and $prefix.
read_options() {
  named_root=${DESTDIR:-} prefix=${PREFIX:-/usr/local}
  while [ $# -gt 0 ]; do
    option=${1%%=*} value=${1#*=}
    # Words without blanks.
    # shellcheck disable=SC2086
    if is_one_of "$option" --root --prefix $options_with_value; then
      if [ "$1" = "$option" ]; then
        [ $# -gt 1 ] || usage_error "$option needs a value"
        value=$2
        shift
      fi
      case $value in
      '') usage_error "$option needs a value" ;;
      -*) usage_error "$option needs a value; $(shown "$value") is none" ;;
      esac
    else
      option=$1 value=''
    fi
    shift
    case $option in
    --root) named_root=$value ;;
    --prefix) prefix=$value ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) set_option "$option" "$value" ;;
    esac
  done
  use_tree "${named_root:-/}" || usage_error "$(shown "$named_root") is no folder, or cannot be entered"
  check_folder PREFIX "$prefix"
  prefix=${prefix%/}
  [ -z "${S6_SCANDIR-}" ] || check_folder S6_SCANDIR "$S6_SCANDIR"
}

# check_folder VARIABLE FOLDER: it is written into units, whose formats have their own ideas of blanks and quotes.
check_folder() {
  case $2 in
  *[!A-Za-z0-9/._+-]*) usage_error "$1 $(shown "$2") holds something else than letters, digits and /._+-" ;;
  */../* | */.. | */./* | */. | *//*) usage_error "$1 $2 holds \"..\", \".\" or \"//\"" ;;
  /root | /root/* | /home | /home/* | /tmp | /tmp/* | /var/tmp | /var/tmp/* | /run | /run/* | /dev | /dev/* | /proc | /proc/* | \
    /sys | /sys/* | /var/run | /var/run/*)
    usage_error "$1 $2 is in a folder that a service does not see, or that is empty after a boot"
    ;;
  / | '') usage_error "$1 is empty: such as /usr/local is needed" ;;
  /*) ;;
  *) usage_error "$1 $2 does not start with /" ;;
  esac
}

# Prints a command line of install.sh for this image: again [OPTION]
again() {
  printf '%s' "install.sh${1:+ $1}${root:+ --root $(quote "$root")}"
  [ "$prefix" = /usr/local ] || printf ' --prefix %s' "$prefix"
}
