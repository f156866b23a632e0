# Checksums of files.
# shellcheck shell=sh disable=SC2034

# Prints the SHA-256 of the standard input; fails on a machine that has no program for it.
sha256() {
  if has sha256sum; then
    sha256_line=$(sha256sum) || return 1
  elif has busybox && busybox sha256sum </dev/null >/dev/null 2>&1; then
    sha256_line=$(busybox sha256sum) || return 1
  elif has openssl; then
    sha256_line=$(openssl dgst -sha256 -r) || return 1
  elif has shasum; then
    sha256_line=$(shasum -a 256) || return 1
  else
    return 1
  fi
  printf '%s\n' "${sha256_line%% *}"
}

sha256_of() {
  sha256 <"$1"
}

# Prints a checksum of the standard input: its SHA-256, or else what POSIX has. The manifest records it.
sum() {
  sha256 || {
    sum_line=$(cksum) || return 1
    printf 'cksum:%s\n' "${sum_line%% *}"
  }
}

# Whether the standard input has the same content as a file.
same_as() {
  if has cmp; then
    cmp -s - "$1"
  else
    [ "$(sum)" = "$(sum <"$1")" ]
  fi
}

# Prints the SHA-256 of a file in a list, as sha256sum writes one; on Windows, lines get another end and sums get capitals:
# listed_sum NAME <LIST
listed_sum() {
  tr -d '\r' | while read -r listed_value listed_name || [ -n "$listed_value" ]; do
    listed_name=${listed_name#\*}
    listed_name=${listed_name#./}
    [ "${listed_name#dist/}" != "$1" ] || printf '%s\n' "$listed_value"
  done | tail -n 1 | tr A-F a-f
}

whole=checksums
