# Verifies the compiled program, after choosing one for the architecture.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $bytes to bytes of a file as hexadecimal digits, and fails on a machine that has no program for it:
# read_bytes FILE OFFSET COUNT
read_bytes() {
  if has od; then
    bytes_hex=$(dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | od -An -v -tx1 2>/dev/null) || bytes_hex=''
  elif has hexdump; then
    bytes_hex=$(dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | hexdump -v -e '1/1 "%02x"' 2>/dev/null) || bytes_hex=''
  elif has busybox; then
    bytes_hex=$(dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | busybox od -An -v -tx1 2>/dev/null) || bytes_hex=''
  else
    return 1
  fi
  # Words of digits.
  # shellcheck disable=SC2086
  set -- $bytes_hex
  bytes_ifs=$IFS IFS=
  bytes=$*
  IFS=$bytes_ifs
}

bytes_of() {
  read_bytes "$@" && printf '%s' "$bytes"
}

# Prints the architecture of an ELF file, as uname -m names it; "none" if it is not an ELF file, "unknown" if it cannot be read.
architecture_of() {
  read_bytes "$1" 0 20 || bytes=''
  case $bytes in
  '') echo unknown ;;
  7f454c460201????????????????????????3e00*) echo x86_64 ;;
  7f454c460201????????????????????????b700*) echo aarch64 ;;
  7f454c460101????????????????????????0300*) echo i386 ;;
  7f454c460101????????????????????????2800*) echo arm ;;
  7f454c460201????????????????????????f300*) echo riscv64 ;;
  7f454c46*) echo another ;;
  *) echo none ;;
  esac
}

# Prints what a file is that should be a program, as a clause, if it is one of what people copy in its place.
kind_of_file() {
  case $(bytes_of "$1" 0 8) in
  1f8b* | fd377a585a00* | 28b52ffd* | 504b0304* | 425a68*) printf ', but is compressed: unpack it' ;;
  3c*) printf ', but seems to be a web page, as a failed download leaves' ;;
  76657273696f6e20) printf ', but a pointer of Git LFS' ;;
  cffaedfe* | cafebabe* | 4d5a*) printf ', but a program for another system' ;;
  esac
}

tree_architecture=''

# Sets $tree_architecture to that of the first program of the tree that can be read, or to "unknown".
find_tree_architecture() {
  [ -z "$tree_architecture" ] || return 0
  tree_architecture=unknown
  for tree_architecture_path in /bin/sh /sbin/init /usr/bin/env /bin/busybox /usr/bin/busybox /lib/systemd/systemd \
    /usr/bin/bash /usr/bin/ls; do
    tree_file "$tree_architecture_path" || continue
    tree_architecture=$(architecture_of "$resolved")
    case $tree_architecture in
    none | unknown) tree_architecture=unknown ;;
    *) return 0 ;;
    esac
  done
}

# Sets $binary to the program in the folder of install.sh that is for the tree's architecture: choose_binary FOLDER
choose_binary() {
  find_tree_architecture
  choose_folder=$1
  binary=''
  for choose_file in "$1/dist/azure-provisioning" "$1/azure-provisioning" "$1/dist/azure-provisioning-$tree_architecture" \
    "$1/azure-provisioning-$tree_architecture"; do
    [ -f "$choose_file" ] || continue
    if [ "$(architecture_of "$choose_file")" = "$tree_architecture" ]; then
      binary=$choose_file
      return 0
    fi
    [ -n "$binary" ] || binary=$choose_file
  done
}

# Whether a program is as "deno compile" made it, as far as a glance tells; sets $why_not. What the program runs is data at its
# end, which "strip" removes and a copy that was cut off lacks. The unit denies memory that is written and then run, which a
# packer needs.
is_whole_program() {
  why_not=''
  whole_size=$(stat -L -c %s "$1" 2>/dev/null) || return 0
  if [ "$whole_size" -lt 24 ]; then
    why_not='it was cut off'
    return 1
  fi
  read_bytes "$1" 0 512 || bytes=''
  case $bytes in
  *55505821*)
    why_not='it is packed with UPX, and cannot start in the first-boot unit'
    return 1
    ;;
  esac
  # "d3n0l4nd", 24 bytes before the end.
  read_bytes "$1" "$((whole_size - 24))" 8 || return 0
  case $bytes in
  '' | 64336e306c346e64) return 0 ;;
  esac
  why_not='it was stripped or cut off: what it runs is missing from its end'
  return 1
}

require_binary() {
  if [ -z "$binary" ]; then
    failure "$exit_usage" "the compiled program is missing: it is neither in $choose_folder/dist nor in $choose_folder" \
      'compile it with "tools/dev compile", or name it with --binary FILE'
  elif [ ! -f "$binary" ] || [ ! -r "$binary" ]; then
    failure "$exit_usage" "$binary is not a readable file" 'name the compiled program with --binary FILE'
  elif [ "$(architecture_of "$binary")" = none ]; then
    failure "$exit_bad_data" "$binary is not a Linux program$(kind_of_file "$binary")" \
      'copy it again, compile it with "tools/dev compile", or name the compiled program with --binary FILE'
  elif ! is_whole_program "$binary"; then
    failure "$exit_bad_data" "$binary cannot work: $why_not" \
      'copy it again, byte for byte; do not strip or pack it'
  else
    ok "the program is $binary"
  fi
}

require_checksum() {
  checksum_name=${binary##*/}
  checksum_file=${binary%"$checksum_name"}SHA256SUMS
  if [ ! -f "$checksum_file" ]; then
    failure "$exit_bad_data" "$checksum_file is missing: the program cannot be verified" \
      'copy it with the program, or go on with --force'
    forceable=yes
    return 0
  fi
  checksum_wanted=$(listed_sum "$checksum_name" <"$checksum_file")
  if [ -z "$checksum_wanted" ]; then
    failure "$exit_bad_data" "$checksum_file has no line for $checksum_name, as sha256sum writes it" \
      'copy the one that belongs to the program, or go on with --force'
    forceable=yes
  elif ! checksum_found=$(sha256_of "$binary"); then
    warning 'the SHA-256 of the program could not be checked: this machine has no sha256sum, busybox, openssl or shasum' \
      "check $binary against $checksum_file on another machine"
  elif [ "$checksum_found" != "$checksum_wanted" ]; then
    failure "$exit_bad_data" "the SHA-256 of $binary is $checksum_found, but $checksum_file says $checksum_wanted" \
      'copy the program again, or compile it again with "tools/dev compile"'
  else
    ok "the program's SHA-256 matches $checksum_file"
  fi
}

require_architecture() {
  architecture=$(architecture_of "$binary")
  find_tree_architecture
  if [ "$architecture" = unknown ] || [ "$tree_architecture" = unknown ]; then
    warning "the architectures of the program and of the tree could not be compared" \
      'compare what "file" says of the program and of a program of the tree'
  elif [ "$architecture" != "$tree_architecture" ]; then
    failure "$exit_not_set_up" "$binary is for $architecture, but ${root:-this system} is $tree_architecture" \
      "compile it with \"tools/dev compile --target $tree_architecture-unknown-linux-gnu\" and name it with --binary"
  else
    ok "the program and ${root:-this system} are both $architecture"
  fi
}

whole=program
