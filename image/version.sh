# The version of the release. A test compares it with the program's.
# shellcheck shell=sh disable=SC2034

release_version=0.1.0

whole=version
