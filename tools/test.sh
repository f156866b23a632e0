#!/bin/sh
# Runs the tests of deno.json's task "test": several files at a time; then, one file at a time, those that a child of another test
# would disturb, which holds the locks of its parent until it has started, and those that measure time or memory, half of them in
# another process; and last, a file for each processor, what a busy machine cannot show.
#
#   tools/test.sh [OPTION]...    options of `deno test`, such as --filter NAME
#
# DENO_JOBS says how many files run at a time. Most tests wait more than they compute, so it is two more than there are
# processors by default. Types are checked by the task "check".
set -u
export DENO_JOBS="${DENO_JOBS:-$(($(nproc) + 2))}"

measuring='tests/bench tests/simulator/faults/endless_test.ts'
hostile=tests/fuzz
alone='tests/provision tests/state tests/cli/commands/goal_state_test.ts tests/parts/telemetry/many_writers_test.ts'
# On a busy machine, a script that was told to end is killed before it has cleaned up.
last='tests/image/signals/'
# What takes longest comes first, so that nothing of it is left at the end.
together=$(
  find tests/install tests/units tests/image tests/faults tests/compiled -name '*_test.ts'
  find tests -name '*_test.ts' | grep -vE '^tests/(install|units|image|faults|compiled|boot)/'
)
# shellcheck disable=SC2086 # The list is words.
together=$(printf '%s\n' "$together" | grep -vF "$(printf '%s\n' $measuring $hostile $alone $last)")

# shellcheck disable=SC2086 # DENO_FLAGS is words.
run() {
  exec deno test -A --no-check --v8-flags=--expose-gc ${DENO_FLAGS:-} "$@"
}

measured=$(mktemp)
measurement=
# What runs in the background does not get Ctrl-C.
trap '[ -z "$measurement" ] || kill "$measurement" 2>/dev/null; rm -f "$measured"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
status=0
# shellcheck disable=SC2086 # The lists are words.
{
  (run --parallel "$@" $together) || status=$?
  (run "$@" $measuring) >"$measured" 2>&1 &
  measurement=$!
  (run "$@" $alone) || status=$?
  (run "$@" $hostile) || status=$?
  wait "$measurement" || status=$?
  measurement=
  (DENO_JOBS=$(nproc) run --parallel "$@" $last) || status=$?
}
cat "$measured"
exit "$status"
