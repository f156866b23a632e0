# The plan of generalize.sh. It is collected first, then shown, then followed, so that nothing happens that was not shown.
# shellcheck shell=sh disable=SC2034,SC2154

# Shell words, six for each step: a verb, the function that does it (with its first arguments), a path, why, and the IDs of the
# path's folder and of the path, as far as they exist.
plan=
plan_length=0
plan_folder=
# The paths that are removed, so that nothing is planned twice.
going=
# What stays, a line each.
left=

# plan_step VERB FUNCTION PATH WHY
plan_step() {
  # Most steps have the same folder as the one before.
  if [ "$plan_folder" != "${3%/*}/" ]; then
    plan_folder=${3%/*}/
    plan_folder_id=$(id_of "$plan_folder") || plan_folder_id=''
    find_machine_folder
  fi
  if [ -n "$machine_folder" ]; then
    leave "$plan_folder" "is $machine_folder of the running machine, mounted into the tree: unmount it first"
    return 0
  fi
  plan_length=$((plan_length + 1)) plan_words=''
  for plan_word in "$@"; do
    quote_word "$plan_word"
    plan_words="$plan_words $quoted"
  done
  plan="$plan$plan_words '$plan_folder_id' '$(id_of "$3" || :)'"
}

# plan_removal PATH WHY
plan_removal() {
  ! is_going "$1" || return 0
  note_going "$1"
  plan_step remove remove "$1" "$2"
}

# Sets $machine_folder to the path of $plan_folder on the running machine if the two are one folder. To run something in a tree,
# people mount folders such as /run into it; empty otherwise.
find_machine_folder() {
  machine_folder=''
  [ -n "$root" ] && [ -n "$plan_folder_id" ] || return 0
  [ "$(id_of "${plan_folder#"$root"}")" != "$plan_folder_id" ] || machine_folder=${plan_folder#"$root"}
}

note_going() {
  quote_word "$1"
  going="$going $quoted"
}

# Whether a path is going to be removed, by itself or with a folder above it.
is_going() {
  quote_word "$1"
  while [ "$quoted" != "''" ]; do
    case "$going " in *" $quoted "*) return 0 ;; esac
    # The path of the folder, quoted.
    quoted="${quoted%/*}'"
  done
  return 1
}

# Notes something that stays although users may expect otherwise: leave PATH WHY
leave() {
  left_line=$(say "  $(shown "$1"): $2")
  case $newline$left in
  *"$newline$left_line$newline"*) ;;
  *) left=$left$left_line$newline ;;
  esac
}

# Sets $real to a file of the image that can be edited. Fails if it does not exist, or notes why it stays.
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

# Sets $quoted to a word quoted for `eval`, including a newline at its end.
quote_word() {
  case $1 in
  *\'*)
    quoted=$(printf '%sx' "$1" | sed "s/'/'\\\\''/g")
    quoted="'${quoted%x}'"
    ;;
  *) quoted="'$1'" ;;
  esac
}

show_plan() {
  eval "set -- $plan"
  while [ $# -gt 0 ]; do
    say "$(printf '  %-7s %s: %s' "$1" "$(shown "$3")" "$4")"
    shift 6
  done
}

# Does all steps, even if some fail, and counts $failures.
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

# Calls the function of a step with ./NAME, from within the folder that existed when the plan was shown: whoever can write to a
# folder on its path has had time to replace it.
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
    # A file that is edited may be another one, because its text is read anew.
    if [ "$(id_of "$step_name")" != "$step_id" ]; then
      why_not=$changed
      return 1
    fi
    ;;
  esac
  # shellcheck disable=SC2086
  $2 "$step_name"
}

whole=plan
