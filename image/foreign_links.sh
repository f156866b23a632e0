# Links that others than root could replace.
# shellcheck shell=sh disable=SC2034,SC2154

# Whether nobody but root, or the user who runs this, can replace what is at a path without links. Each folder is looked at after
# the one above it, which nobody else can change, so it does not matter if somebody tries to meanwhile.
is_fixed() {
  fixed_path=$1
  set -- "$fixed_path"
  while [ -n "$fixed_path" ]; do
    fixed_path=${fixed_path%/*}
    set -- "${fixed_path:-/}" "$@"
  done
  fixed_facts=$(stat -c '%u %g %a' "$@" 2>/dev/null) || return 1
  fixed_above=''
  while read -r fixed_owner fixed_group fixed_mode; do
    # Words without blanks.
    # shellcheck disable=SC2086
    [ -z "$fixed_above" ] || keeps_entry $fixed_above "$fixed_owner" || return 1
    fixed_above="$fixed_owner $fixed_group $fixed_mode"
  done <<EOF
$fixed_facts
EOF
}

# Whether only root, or the user who runs this, can replace an entry of a folder. Members of root's group count as root.
#
#   keeps_entry OWNER GROUP MODE OWNER_OF_ENTRY
keeps_entry() {
  is_me "$1" || return 1
  case $3 in
  *[2367]) ;;
  *[2367]?) [ "$2" != 0 ] || return 0 ;;
  *) return 0 ;;
  esac
  # In a sticky folder, only the entry's owner can.
  case $3 in
  [1357]???) is_me "$4" ;;
  *) return 1 ;;
  esac
}

is_me() {
  [ "$1" = 0 ] || [ "$1" = "$my_id" ]
}

whole=foreign_links
