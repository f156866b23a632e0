# Supervises a whole script: a signal ends it at once, with everything that it has started; error messages of programs are escaped.
# shellcheck shell=sh disable=SC2034,SC2154

# Runs a command, then exits with its status. A shell that waits for a program handles signals only afterwards, and a program
# that reads from a pipe may never end: so the command runs in the background.
#
#   supervised COMMAND [ARGUMENT]...
supervised() {
  # If one of these is closed, the next file that is opened takes its place, and gets what is printed.
  (exec 3>&1) 2>/dev/null || exec >/dev/null
  (exec 3>&2) || exec 2>/dev/null
  # A command in the background would have no input otherwise.
  if (exec 3<&0) 2>/dev/null; then exec 3<&0; else exec 3</dev/null; fi
  # The scripts' own messages go here, so that they stay in order with the standard output.
  exec 4>&2
  errors=4
  trap 'end_supervised 129' HUP
  trap 'end_supervised 130' INT
  trap 'end_supervised 131' QUIT
  trap 'end_supervised 143' TERM
  with_escaped_errors "$@" <&3 3<&- &
  exec 3<&-
  supervised_status=0
  wait "$!" || supervised_status=$?
  exit "$supervised_status"
}

# Runs a command, then exits with its status. Programs, and the shell itself, name files in their error messages, as they are:
# those messages go through a pipe, and are printed as warnings. Nothing here is in a list such as "||", in which the shell
# would ignore "set -e".
with_escaped_errors() {
  {
    escaped_status=$(
      {
        {
          set +e
          (
            set -e
            "$@"
          ) 5>&- 6>&-
          echo "$?" >&6
        } 2>&1 >&5 | print_errors >&4 2>/dev/null 5>&- 6>&-
      } 6>&1
    )
  } 5>&1
  exit "${escaped_status:-$exit_internal}"
}

# Ends when everything that may write an error message has ended.
print_errors() {
  trap '' HUP INT QUIT TERM
  while IFS= read -r error_line || [ -n "$error_line" ]; do warn "$error_line"; done
}

# end_supervised STATUS
end_supervised() {
  trap '' HUP INT QUIT TERM
  [ -n "${!-}" ] || exit "$1"
  # Stop all processes first, so that none starts another, or ends and leaves its children behind, before all are known.
  kill -s STOP "$!" 2>/dev/null || :
  stop_below "$!"
  # The command handles its own signal, and cleans up, as soon as the programs that it waits for have ended.
  for end_pid in "$!" $stopped; do
    kill -s TERM "$end_pid" 2>/dev/null || :
  done
  for end_pid in $stopped "$!"; do
    kill -s CONT "$end_pid" 2>/dev/null || :
  done
  for _ in 1 2 3 4 5; do
    # Numbers.
    # shellcheck disable=SC2086
    any_is_running $stopped "$!" || break
    sleep 0.1 2>/dev/null || sleep 1
  done
  for end_pid in $stopped "$!"; do
    ! is_running "$end_pid" || kill -s KILL "$end_pid" 2>/dev/null || :
  done
  wait "$!" 2>/dev/null || :
  exit "$1"
}

# Ends a supervised command whose supervisor is gone: killed, or unable to find the command without /proc. Every change is
# announced, and each announcement calls this first.
end_if_alone() {
  kill -s 0 "$$" 2>/dev/null || exit "$exit_internal"
}

any_is_running() {
  for any_pid in "$@"; do
    ! is_running "$any_pid" || return 0
  done
  return 1
}

# Whether a process has not ended; unknown without /proc.
is_running() {
  { read -r running_line <"/proc/$1/stat"; } 2>/dev/null || return 1
  case ${running_line##*) } in
  Z* | X*) return 1 ;;
  esac
}

# Stops all descendants of a process, and sets $stopped to their numbers. Finds none without /proc.
stop_below() {
  # The script may have turned patterns off.
  set +f
  stopped='' stop_more=yes
  while [ -n "$stop_more" ]; do
    stop_more=''
    for stop_file in /proc/[0-9]*/status; do
      stop_pid=${stop_file#/proc/}
      stop_pid=${stop_pid%/status}
      case " $stopped " in *" $stop_pid "*) continue ;; esac
      is_started_by " $1 $stopped " "$stop_file" || continue
      kill -s STOP "$stop_pid" 2>/dev/null || :
      stopped="$stopped $stop_pid" stop_more=yes
    done
  done
}

# Whether a process is a child of one of others: is_started_by PIDS FILE. In "status", unlike in "stat", the name of a process
# cannot be mistaken for another field.
is_started_by() {
  while read -r started_key started_value; do
    [ "$started_key" = PPid: ] || continue
    case $1 in *" $started_value "*) return 0 ;; esac
    return 1
  done 2>/dev/null <"$2" || return 1
  return 1
}

whole=supervise
