# What the command lines of the scripts have in common.
#
# Each script sets $options_with_value to its own options that take a value, $own_options to its others, $repeatable_options to
# those that may be given more than once, and defines the functions usage and set_option OPTION VALUE.
# shellcheck shell=sh disable=SC2034,SC2154

quiet=no repeatable_options=''

usage_error() {
  die "$exit_usage" "$*; --help has the options"
}

unknown_option() {
  case $1 in
  --*=*)
    # Words without blanks.
    # shellcheck disable=SC2086
    ! is_one_of "${1%%=*}" --quiet --version --help --uninstall $own_options || usage_error "The option ${1%%=*} takes no value"
    ;;
  -*) ;;
  *) usage_error "Unknown argument $(shown "$1"): options start with --" ;;
  esac
  unknown_of=$(action_of "${1%%=*}")
  [ -z "$unknown_of" ] || usage_error "The option ${1%%=*} belongs to $unknown_of"
  # shellcheck disable=SC2086
  unknown_nearest=$(nearest_of "${1%%=*}" --root --prefix --quiet --version --help --check --generalize --uninstall \
    $options_with_value $own_options)
  usage_error "Unknown option $(shown "$1")${unknown_nearest:+; did you mean $unknown_nearest?}"
}

# Prints what an option belongs to, if that is not every action.
action_of() {
  case $1 in
  --init | --binary | --force) echo 'an installation' ;;
  --json) echo --check ;;
  --user | --yes | --logs | --allow-no-login | --keep-ssh-host-keys) echo --generalize ;;
  esac
}

# Prints the nearest of some words to one, if it is near: nearest_of WORD WORDS...
nearest_of() {
  nearest_word=$1
  shift
  printf '%s\n' "$@" | awk -v typed="$(printf '%s' "$nearest_word" | cut -c 1-64 | tr -dc 'A-Za-z0-9_-')" '
    function distance(a, b,  i, j, row, diagonal, above) {
      for (j = 0; j <= length(b); j++) row[j] = j
      for (i = 1; i <= length(a); i++) {
        diagonal = row[0]
        row[0] = i
        for (j = 1; j <= length(b); j++) {
          above = row[j]
          row[j] = diagonal + (substr(a, i, 1) != substr(b, j, 1))
          if (above + 1 < row[j]) row[j] = above + 1
          if (row[j - 1] + 1 < row[j]) row[j] = row[j - 1] + 1
          diagonal = above
        }
      }
      return row[length(b)]
    }
    BEGIN { least = int(length(typed) / 3) + 1; if (least < 3) least = 3 }
    { near = distance(typed, $0); if (near < least) { least = near; nearest = $0 } }
    END { if (nearest != "") print nearest }'
}

# Sets $named_root to the value of --root or DESTDIR, $root to its real path, $prefix and $quiet.
read_options() {
  named_root=${DESTDIR:-} prefix=${PREFIX:-/usr/local} options_given=''
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
    # shellcheck disable=SC2086
    if is_one_of "$option" $options_given && ! is_one_of "$option" $repeatable_options; then
      usage_error "The option $option is given twice"
    fi
    case $option in
    --root) named_root=$value ;;
    --prefix) prefix=$value ;;
    --quiet) quiet=yes ;;
    --version)
      say "azure-provisioning $release_version"
      exit 0
      ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) set_option "$option" "$value" ;;
    esac
    # Only known ones come here: words without blanks.
    options_given="$options_given $option"
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

# Prints the command of $install_sh for this image: again [OPTION]
again() {
  printf '%s' "$(quote "$install_sh")${1:+ $1}${root:+ --root $(quote "$root")}"
  [ "$prefix" = /usr/local ] || printf ' --prefix %s' "$prefix"
}

whole=options
