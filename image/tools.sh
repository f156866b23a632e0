# The programs that change files, with their error messages printed as warnings, in order with the scripts' own messages.
# shellcheck shell=sh disable=SC2034

run_tool() {
  { tool_said=$("$@" 2>&1 >&3 3>&-) && tool_status=0 || tool_status=$?; } 3>&1
  [ -z "$tool_said" ] || warn "$tool_said"
  return "$tool_status"
}

chmod() { run_tool command chmod "$@"; }
cp() { run_tool command cp "$@"; }
ln() { run_tool command ln "$@"; }
mkdir() { run_tool command mkdir "$@"; }
mv() { run_tool command mv "$@"; }
rm() { run_tool command rm "$@"; }

whole=tools
