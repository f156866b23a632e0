#!/bin/sh
# Runs the tests of deno.json's task "test": several files at a time, then those that measure time or memory, alone.
#
#   tools/test.sh [OPTION]...    options of `deno test`, such as --filter NAME
#
# DENO_JOBS says how many files run at a time. Most tests wait more than they compute, so it is two more than there are
# processors by default. Types are checked by the task "check".
set -u
export DENO_JOBS="${DENO_JOBS:-$(($(nproc) + 2))}"

# The lists and DENO_FLAGS are words.
# shellcheck disable=SC2086
run() {
  deno test -A --no-check --v8-flags=--expose-gc ${DENO_FLAGS:-} "$@"
}

measuring='tests/bench tests/fuzz'
# What takes longest comes first, so that nothing of it is left at the end.
long='tests/install tests/units tests/image tests/faults tests/compiled'
rest=$(find tests -name '*_test.ts' | grep -vE '^tests/(boot|bench|fuzz|install|units|image|faults|compiled)/')

status=0
# shellcheck disable=SC2086
run --parallel "$@" $long $rest || status=$?
# shellcheck disable=SC2086
run "$@" $measuring || status=$?
exit "$status"
