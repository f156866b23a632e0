# What the first-boot program needs of a machine, read from its tree: nothing of the tree is run. To be sourced after common.sh.
#
# Each function require_* prints nothing and sets
#   $result      ok, warning or failure
#   $message     what was found
#   $remedy      what to do about it; empty if all is well
#   $code        the exit status that install.sh fails with
#   $forceable   whether --force goes on all the same
# $root is the tree, $prefix where it goes to, $binary the program to put there.
# shellcheck shell=sh disable=SC2034,SC2154

# In the order in which they are told; a function require_NAME each.
requirements='binary checksum architecture libc libraries space host_name_tool dhcp_client reporters'

ok() {
  result=ok message=$1 remedy='' code=0 forceable=no
}

warning() {
  result=warning message=$1 remedy=$2 code=0 forceable=no
}

# failure CODE MESSAGE REMEDY
failure() {
  result=failure code=$1 message=$2 remedy=$3 forceable=no
}

# Prints bytes of a file as hexadecimal digits: bytes_of FILE OFFSET COUNT. Fails where the machine has nothing to do it with.
bytes_of() {
  if has od; then
    bytes_hex=$(dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | od -An -v -tx1 2>/dev/null) || bytes_hex=''
  elif has hexdump; then
    bytes_hex=$(dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | hexdump -v -e '1/1 "%02x"' 2>/dev/null) || bytes_hex=''
  elif has busybox; then
    bytes_hex=$(dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | busybox od -An -v -tx1 2>/dev/null) || bytes_hex=''
  else
    return 1
  fi
  printf '%s' "$bytes_hex" | tr -d ' \n\t'
}

# Prints what an ELF file was made for, as uname -m names it; "none" if it is no ELF file, "unknown" if that cannot be read.
architecture_of() {
  architecture_head=$(bytes_of "$1" 0 20) || architecture_head=''
  case $architecture_head in
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

# Sets $tree_architecture to that of the tree's first program; "unknown" if there is none that can be read.
find_tree_architecture() {
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

# The program for the tree's architecture, out of those that lie beside install.sh: choose_binary FOLDER. Sets $binary.
choose_binary() {
  find_tree_architecture
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

require_binary() {
  if [ -z "$binary" ]; then
    failure "$exit_usage" 'the compiled program is not here' \
      'make it with "tools/dev compile", or name it with --binary FILE'
  elif [ ! -f "$binary" ] || [ ! -r "$binary" ]; then
    failure "$exit_usage" "$binary is no file that can be read" 'name the compiled program with --binary FILE'
  elif [ "$(architecture_of "$binary")" = none ]; then
    failure "$exit_bad_data" "$binary is no program for Linux" 'name the compiled program with --binary FILE'
  else
    ok "the program is $binary"
  fi
}

require_checksum() {
  checksum_name=${binary##*/}
  checksum_file=${binary%"$checksum_name"}SHA256SUMS
  if [ ! -f "$checksum_file" ]; then
    failure "$exit_bad_data" "$checksum_file is missing: nothing says whether the program is whole" \
      'copy it with the program, or go on with --force'
    forceable=yes
    return 0
  fi
  checksum_wanted=''
  while read -r checksum_sum checksum_of; do
    [ "${checksum_of#\*}" != "$checksum_name" ] || checksum_wanted=$checksum_sum
  done <"$checksum_file"
  if [ -z "$checksum_wanted" ]; then
    failure "$exit_bad_data" "$checksum_file does not name $checksum_name" \
      'copy the one that was made with the program, or go on with --force'
    forceable=yes
  elif ! checksum_found=$(sha256_of "$binary"); then
    warning 'the SHA-256 of the program could not be checked: there is no sha256sum, busybox, openssl or shasum here' \
      "check $binary against $checksum_file elsewhere"
  elif [ "$checksum_found" != "$checksum_wanted" ]; then
    failure "$exit_bad_data" "the SHA-256 of $binary is $checksum_found, and $checksum_file says $checksum_wanted" \
      'copy the program again, or compile it anew with "tools/dev compile"'
  else
    ok "the program's SHA-256 is the one of $checksum_file"
  fi
}

require_architecture() {
  architecture=$(architecture_of "$binary")
  find_tree_architecture
  if [ "$architecture" = unknown ] || [ "$tree_architecture" = unknown ]; then
    warning "whether the program is for this architecture could not be checked" \
      'compare "file" of the program with that of the tree'
  elif [ "$architecture" != "$tree_architecture" ]; then
    failure "$exit_not_set_up" "$binary is for $architecture, and ${root:-this system} is $tree_architecture" \
      "compile it with \"tools/dev compile --target $tree_architecture-unknown-linux-gnu\" and name it with --binary"
  else
    ok "the program and ${root:-this system} are both $architecture"
  fi
}

# Sets $loader to the path that the program's interpreter has, and $library_folders to where the loader looks.
find_library_folders() {
  library_architecture=$(architecture_of "$binary")
  case $library_architecture in
  aarch64) loader=/lib/ld-linux-aarch64.so.1 ;;
  *) library_architecture=x86_64 loader=/lib64/ld-linux-x86-64.so.2 ;;
  esac
  library_triplet=$library_architecture-linux-gnu
  library_folders="/lib/$library_triplet /usr/lib/$library_triplet /lib64 /usr/lib64 /lib /usr/lib /usr/local/lib/$library_triplet"
  resolve /etc/ld.so.conf.d
  for library_conf in "$resolved"/*.conf; do
    [ -f "$library_conf" ] || continue
    while read -r library_folder; do
      case $library_folder in
      /*) library_folders="$library_folders $library_folder" ;;
      esac
    done <"$library_conf"
  done
}

# Sets $resolved to a library of the tree for the program's architecture.
find_library() {
  for library_folder in $library_folders; do
    tree_file "$library_folder/$1" || continue
    library_found=$(architecture_of "$resolved")
    if [ "$library_found" = "$library_architecture" ] || [ "$library_found" = unknown ]; then return 0; fi
  done
  return 1
}

# Prints the version of a glibc, from its file name (up to 2.33) or from the words in it.
glibc_version_of() {
  glibc_name=${1##*/}
  case $glibc_name in
  libc-2.*.so)
    glibc_name=${glibc_name#libc-}
    printf '%s\n' "${glibc_name%.so}"
    ;;
  *)
    LC_ALL=C tr -c ' -~' '\n' <"$1" |
      sed -n -e 's/^.*GNU C Library .*version \(2\.[0-9][0-9]*\).*$/\1/p' -e 's/^GLIBC_\(2\.[0-9][0-9]*\)$/\1/p' |
      sort -t . -k 2,2n | tail -n 1
    ;;
  esac
}

is_musl() {
  for musl_file in /lib/ld-musl-x86_64.so.1 /lib/ld-musl-aarch64.so.1 /lib/libc.musl-x86_64.so.1; do
    ! tree_file "$musl_file" || return 0
  done
  return 1
}

require_libc() {
  find_library_folders
  libc_remedy='use an image of a distribution with glibc 2.27 or later (Debian 10, Ubuntu 18.04, RHEL 8, SLES 15.3, Azure Linux 2)'
  if ! find_library libc.so.6; then
    if is_musl; then
      failure "$exit_not_set_up" "${root:-this system} has musl and no glibc: the program cannot run on it" "$libc_remedy"
    else
      failure "$exit_not_set_up" "${root:-this system} has no glibc for $library_architecture (libc.so.6)" \
        'install it: "apt-get install libc6" or "dnf install glibc"'
    fi
    return 0
  fi
  libc_version=$(glibc_version_of "$resolved")
  case $libc_version in
  '') warning "the version of glibc could not be read from $resolved" "see that it is 2.27 or later" ;;
  2.[0-9] | 2.1[0-9] | 2.2[0-6])
    failure "$exit_not_set_up" "${root:-this system} has glibc $libc_version, and the program needs 2.27 or later" "$libc_remedy"
    ;;
  *)
    if tree_file "$loader"; then
      ok "glibc is $libc_version"
    else
      failure "$exit_not_set_up" "${root:-this system} has glibc, but not its loader at $loader" \
        'install glibc where the distribution has it in another place (NixOS, Guix), the program has to be patched: see patchelf(1)'
    fi
    ;;
  esac
}

require_libraries() {
  find_library_folders
  libraries_missing=''
  for library in libgcc_s.so.1 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1; do
    find_library "$library" || libraries_missing="$libraries_missing $library"
  done
  case $libraries_missing in
  '') ok 'all libraries are there' ;;
  ' libgcc_s.so.1')
    failure "$exit_not_set_up" "the library libgcc_s.so.1 is missing" \
      'install it: "apt-get install libgcc-s1" (libgcc1 before Debian 11), "dnf install libgcc", "zypper install libgcc_s1", "pacman -S gcc-libs"'
    ;;
  *)
    failure "$exit_not_set_up" "libraries are missing:$libraries_missing" \
      'install them: "apt-get install libc6 libgcc-s1" or "dnf install glibc libgcc"'
    ;;
  esac
}

require_space() {
  space_target=$prefix/bin/azure-provisioning
  nearest_folder "$space_target"
  space_needed=$(($(wc -c <"$binary") / 1024 + 1024))
  # A line of a long name is broken without -P.
  space_line=$(df -Pk "$nearest" 2>/dev/null | tail -n 1) || space_line=''
  # shellcheck disable=SC2086
  set -- $space_line
  # The name of the device may hold blanks; what follows does not, and the mount point may: from the percentage back.
  while [ $# -ge 3 ]; do
    case $3 in
    *%) break ;;
    esac
    shift
  done
  case ${2-} in
  '' | *[!0-9]*)
    warning "the room in $nearest could not be read" "see that it has $((space_needed / 1024)) MiB"
    return 0
    ;;
  esac
  space_free=$2
  if tree_file "$space_target" && same_content "$binary" "$resolved"; then
    ok 'the program is there already: no room needed'
  elif [ "$space_free" -lt "$space_needed" ]; then
    failure "$exit_cannot_write" "$nearest has room for $((space_free / 1024)) MiB, and $((space_needed / 1024)) MiB are needed" \
      'make room, or choose another place with PREFIX'
  else
    ok "$nearest has room for $((space_free / 1024)) MiB"
  fi
}

# hostnamectl sets the name by way of a daemon, and reaches that by D-Bus.
has_hostnamed() {
  tree_program hostnamectl && first_file /usr/lib/systemd/systemd-hostnamed /lib/systemd/systemd-hostnamed &&
    { tree_program dbus-daemon || tree_program dbus-broker; }
}

require_host_name_tool() {
  if has_hostnamed; then
    ok 'hostnamectl sets the host name'
  elif tree_program hostname; then
    ok 'hostname sets the host name'
  else
    warning 'neither hostnamectl with D-Bus nor hostname is installed: the host name takes effect at the second boot' \
      'install one: "apt-get install hostname", "dnf install hostname", or a busybox with that applet'
  fi
}

require_dhcp_client() {
  for dhcp_client in dhclient dhcpcd udhcpc NetworkManager connmand wickedd; do
    if tree_program "$dhcp_client"; then
      ok "$dhcp_client is there to configure the network"
      return 0
    fi
  done
  if first_file /usr/lib/systemd/systemd-networkd /lib/systemd/systemd-networkd; then
    ok 'systemd-networkd is there to configure the network'
  elif tree_program busybox; then
    ok 'busybox is there, whose udhcpc can configure the network'
  else
    failure "$exit_not_set_up" 'no DHCP client is installed: the VM would have no network, and Azure configures it by DHCP' \
      'install one: "apt-get install dhcpcd-base", "dnf install NetworkManager"; or go on with --force if something else does it'
    forceable=yes
  fi
}

# Others that report to the platform: name|packages|programs|units. Two in one VM fight over the host name and the report.
known_reporters='Azure Linux Agent|walinuxagent WALinuxAgent python-azure-agent|waagent|walinuxagent waagent
cloud-init|cloud-init|cloud-init|cloud-init cloud-init-local cloud-init-main cloud-config cloud-final
azure-init|azure-init|azure-init|azure-init
afterburn|afterburn coreos-afterburn|afterburn|afterburn-checkin afterburn-firstboot-checkin'

# Prints the packages among some that the tree's database has, without the tools of that database.
installed_packages() {
  for installed_package in "$@"; do
    for installed_file in /var/lib/dpkg/status /lib/apk/db/installed; do
      tree_file "$installed_file" || continue
      case $installed_file in
      */dpkg/status)
        sed -n "/^Package: $installed_package\$/,/^\$/s/^Status: .* installed\$/$installed_package/p" "$resolved"
        ;;
      *) sed -n "s/^P:$installed_package\$/$installed_package/p" "$resolved" ;;
      esac
    done
    resolve "/var/lib/pacman/local"
    for installed_folder in "$resolved/$installed_package"-[0-9]*; do
      [ ! -d "$installed_folder" ] || printf '%s\n' "$installed_package"
    done
  done
}

# Prints the links of the tree by which an init starts one of some units.
enabled_units() {
  for enabled_unit in "$@"; do
    for enabled_folder in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
      resolve "$enabled_folder"
      for enabled_link in "$resolved"/*.wants/"$enabled_unit".service "$resolved"/*.requires/"$enabled_unit".service; do
        [ ! -L "$enabled_link" ] || is_masked "$enabled_unit.service" || printf '%s\n' "${enabled_link#"$root"}"
      done
    done
    resolve /etc
    for enabled_link in "$resolved"/runlevels/*/"$enabled_unit" "$resolved"/rc[S2345].d/S[0-9][0-9]"$enabled_unit" \
      "$resolved"/rc.d/rc[S2345].d/S[0-9][0-9]"$enabled_unit" "$resolved"/runit/runsvdir/default/"$enabled_unit"; do
      [ ! -L "$enabled_link" ] || printf '%s\n' "${enabled_link#"$root"}"
    done
  done
}

is_masked() {
  resolve /etc/systemd/system
  [ "$(readlink "$resolved/$1")" = /dev/null ]
}

# Whether the tree has a unit of one of these names for systemd, so that no link means that it is disabled.
has_unit() {
  for has_unit_name in "$@"; do
    ! first_file "/usr/lib/systemd/system/$has_unit_name.service" "/lib/systemd/system/$has_unit_name.service" \
      "/etc/systemd/system/$has_unit_name.service" || return 0
  done
  return 1
}

# The command in front of one that has to run in the tree.
in_tree() {
  if [ -n "$root" ]; then
    printf 'chroot %s %s' "$(quote "$root")" "$*"
  else
    printf '%s' "$*"
  fi
}

remove_command() {
  if tree_file /var/lib/dpkg/status; then
    in_tree apt-get purge "$1"
  elif tree_program tdnf; then
    in_tree tdnf remove "$2"
  elif tree_program zypper; then
    in_tree zypper remove "$3"
  elif tree_dir /var/lib/pacman/local; then
    in_tree pacman -R "$1"
  elif tree_file /lib/apk/db/installed; then
    in_tree apk del "$1"
  else
    in_tree dnf remove "$2"
  fi
}

disable_command() {
  if [ -n "$1" ]; then
    for disable_link in $1; do
      disable_unit=${disable_link##*/}
      case $disable_link in
      */systemd/system/*) printf 'systemctl %sdisable %s' "${root:+--root=$(quote "$root") }" "$disable_unit" ;;
      *) printf 'rm %s' "$(quote "$root$disable_link")" ;;
      esac
      printf '; '
    done
  fi
}

# Sets $found to what there is of a reporter, and $found_remedy; both are empty if there is nothing that would report.
find_reporter() {
  found='' found_remedy=''
  reporter_packages=$2 reporter_program=$3 reporter_units=$4
  # shellcheck disable=SC2086
  reporter_installed=$(installed_packages $reporter_packages | tr '\n' ' ')
  # shellcheck disable=SC2086
  reporter_enabled=$(enabled_units $reporter_units | tr '\n' ' ')
  reporter_found=''
  if tree_program "$reporter_program" || { resolve "/usr/local/bin/$reporter_program" && [ -f "$resolved" ]; }; then
    reporter_found=$resolved
  fi
  [ -n "$reporter_installed$reporter_enabled$reporter_found" ] || return 0
  if [ "$1" = cloud-init ]; then
    ! tree_file /etc/cloud/cloud-init.disabled || return 0
  elif [ -z "$reporter_enabled" ]; then
    # shellcheck disable=SC2086
    ! has_unit $reporter_units || return 0
  fi
  found=$1
  [ -z "$reporter_installed" ] || found="$found, package ${reporter_installed% }"
  [ -z "$reporter_found" ] || found="$found, program $reporter_found"
  [ -z "$reporter_enabled" ] || found="$found, enabled by ${reporter_enabled% }"
  case $1 in
  'Azure Linux Agent') found_remedy=$(remove_command walinuxagent WALinuxAgent python-azure-agent) ;;
  cloud-init)
    found_remedy="$(remove_command cloud-init cloud-init cloud-init), or: touch $(quote "$root/etc/cloud/cloud-init.disabled")"
    ;;
  *)
    found_remedy=$(disable_command "$reporter_enabled")
    found_remedy=${found_remedy%; }
    [ -n "$found_remedy" ] || found_remedy=$(remove_command "$1" "$1" "$1")
    ;;
  esac
}

require_reporters() {
  reporters_found='' reporters_remedy=''
  while IFS='|' read -r reporters_name reporters_packages reporters_program reporters_units; do
    find_reporter "$reporters_name" "$reporters_packages" "$reporters_program" "$reporters_units"
    [ -n "$found" ] || continue
    reporters_found="${reporters_found:+$reporters_found; }$found"
    reporters_remedy="${reporters_remedy:+$reporters_remedy; }$found_remedy"
  done <<EOF_REPORTERS
$known_reporters
EOF_REPORTERS
  if [ -z "$reporters_found" ]; then
    ok 'nothing else reports to the platform'
  else
    failure "$exit_not_set_up" "something else reports to the platform, and two in one VM fight: $reporters_found" \
      "$reporters_remedy; or go on with --force"
    forceable=yes
  fi
}
