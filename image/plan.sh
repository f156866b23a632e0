# What generalize.sh is going to do: collected first, shown, then done, so that nothing happens that was not shown.
# Read by generalize.sh, after tree.sh.
# shellcheck shell=sh disable=SC2154

# Shell words, six for each step: a word for the user, the function that does it (with its first arguments), its path, why, and the IDs of its folder and
# of itself, as far as they are there.
plan=
plan_length=0
# The paths that go, for what must not be planned twice.
going=
# What stays, a line each.
left=

# plan_step WORD FUNCTION PATH WHY
plan_step() {
  plan_length=$((plan_length + 1))
  plan="$plan $(word "$1") $(word "$2") $(word "$3") $(word "$4") '$(id_of "${3%/*}/" || :)' '$(id_of "$3" || :)'"
}

# The commonest step.
#
#   plan_removal PATH WHY
plan_removal() {
  ! is_going "$1" || return 0
  going="$going $(word "$1")"
  plan_step remove remove "$1" "$2"
}

# Whether a path is to be removed, by itself or with the folder that it is in.
is_going() {
  ancestor=$1
  while [ -n "$ancestor" ]; do
    case "$going " in *" $(word "$ancestor") "*) return 0 ;; esac
    ancestor=${ancestor%/*}
  done
  return 1
}

# Says what is not touched, although one may expect it.
#
#   leave PATH WHY
leave() {
  left=$left$(say "  $(shown "$1"): $2")$newline
}

# Sets $real to a file of the image whose text is to be changed; fails if it is not there, or says why it stays.
can_edit() {
  found "$1" || return 1
  if [ -L "$real" ]; then
    leave "$real" 'is a symbolic link'
  elif ! is_text "$real"; then
    leave "$real" "${why_not#it }"
  else
    return 0
  fi
  return 1
}

# Quotes for `eval`, a newline at the end included.
word() {
  case $1 in
  *\'*)
    word=$(printf '%sx' "$1" | sed "s/'/'\\\\''/g")
    printf "'%s'" "${word%x}"
    ;;
  *) printf "'%s'" "$1" ;;
  esac
}

show_plan() {
  eval "set -- $plan"
  while [ $# -gt 0 ]; do
    say "$(printf '  %-7s %s: %s' "$1" "$(shown "$3")" "$4")"
    shift 6
  done
}

# Does all steps, whatever becomes of one; $failures counts.
follow_plan() {
  failures=0
  eval "set -- $plan"
  while [ $# -gt 0 ]; do
    end_if_alone
    why_not=''
    if ! follow_step "$@"; then
      failures=$((failures + 1))
      complain "Cannot $1 $(shown "$3")${why_not:+: $why_not}"
    fi
    shift 6
  done
}

changed='it has changed since it was listed: run this again'

# Calls the function of a step with ./NAME, from within the folder that was there when the plan was shown. Whoever can write to
# a folder on its path has had time to replace it.
follow_step() {
  step_name=./${3##*/} step_id=$6
  if [ "$1" = add ]; then
    # Makes its folder.
    # shellcheck disable=SC2086
    $2 "$3"
    return
  fi
  if ! enter "${3%/*}" "$5"; then
    why_not=$changed
    return 1
  fi
  case $1 in
  remove | empty)
    if [ "$1" = remove ] && [ ! -L "$step_name" ] && [ ! -e "$step_name" ]; then return 0; fi
    # The text of a file that is edited is read anew, so that it may be another one.
    if [ "$(id_of "$step_name")" != "$step_id" ]; then
      why_not=$changed
      return 1
    fi
    ;;
  esac
  # shellcheck disable=SC2086
  $2 "$step_name"
}
