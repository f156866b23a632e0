# What generalize.sh is going to do: collected first, shown, then done, so that nothing happens that was not shown.
# Read by generalize.sh, after tree.sh.
# shellcheck shell=sh disable=SC2154

# Shell words, four for each step: a word for the user, the function that does it, its path, why.
plan=
plan_length=0
# The paths that go, for what must not be planned twice.
going=
# What stays, a line each.
left=

# plan_step WORD FUNCTION PATH WHY
plan_step() {
  plan_length=$((plan_length + 1))
  plan="$plan $(word "$1") $(word "$2") $(word "$3") $(word "$4")"
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
  left="$left  $(shown "$1"): $2
"
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
    printf '  %-7s %s: %s\n' "$1" "$(shown "$3")" "$4"
    shift 4
  done
}

# Does all steps, whatever becomes of one; $failures counts.
follow_plan() {
  failures=0
  eval "set -- $plan"
  while [ $# -gt 0 ]; do
    if ! "$2" "$3"; then
      failures=$((failures + 1))
      printf 'Error: Cannot %s %s\n' "$1" "$(shown "$3")" >&2
    fi
    shift 4
  done
}
