# What the command lines of the scripts have in common.
#
# Each script sets $options_with_value to its own options that take a value, and defines the functions usage and set_option OPTION
# VALUE.
# shellcheck shell=sh disable=SC2034,SC2154

usage_error() {
  die "$exit_usage" "$*; --help has the options"
}

# Sets $named_root to the value of --root or DESTDIR, $root to its real path, and $prefix.
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
      -*) usage_error "$option needs a value, and $(shown "$value") is an option" ;;
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
  use_tree "${named_root:-/}" || usage_error "$(shown "$named_root") is not a folder, or cannot be entered"
  check_folder PREFIX "$prefix"
  prefix=${prefix%/}
  [ -z "${S6_SCANDIR-}" ] || check_folder S6_SCANDIR "$S6_SCANDIR"
}

# Checks a folder that is written into units, whose formats treat blanks and quotes differently: check_folder VARIABLE FOLDER
check_folder() {
  case $2 in
  *[!A-Za-z0-9/._+-]*) usage_error "$1 $(shown "$2") has characters other than letters, digits and /._+-" ;;
  */../* | */.. | */./* | */. | *//*) usage_error "$1 $2 contains \"..\", \".\" or \"//\"" ;;
  /root | /root/* | /home | /home/* | /tmp | /tmp/* | /var/tmp | /var/tmp/* | /run | /run/* | /dev | /dev/* | /proc | /proc/* | \
    /sys | /sys/* | /var/run | /var/run/*)
    usage_error "$1 $2 is in a folder that services cannot see, or that is empty after a boot"
    ;;
  / | '') usage_error "$1 is empty: use a folder such as /usr/local" ;;
  /*) ;;
  *) usage_error "$1 $2 does not start with /" ;;
  esac
}

# Prints an install.sh command for this image: again [OPTION]
again() {
  printf '%s' "install.sh${1:+ $1}${root:+ --root $(quote "$root")}"
  [ "$prefix" = /usr/local ] || printf ' --prefix %s' "$prefix"
}
