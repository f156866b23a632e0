# Finds the libraries that the program is linked to, in the tree.
# shellcheck shell=sh disable=SC2034,SC2154

library_folders=''

# Sets $loader to the path of the program's interpreter, and $library_folders to the folders that it searches, a line each.
find_library_folders() {
  [ -z "$library_folders" ] || return 0
  # The tree's architecture; require_architecture compares the program's with it.
  find_tree_architecture
  library_architecture=$tree_architecture
  [ "$library_architecture" != unknown ] || library_architecture=$(architecture_of "$binary")
  case $library_architecture in
  aarch64) loader=/lib/ld-linux-aarch64.so.1 ;;
  *) library_architecture=x86_64 loader=/lib64/ld-linux-x86-64.so.2 ;;
  esac
  library_triplet=$library_architecture-linux-gnu
  library_folders="/lib/$library_triplet
/usr/lib/$library_triplet
/lib64
/usr/lib64
/lib
/usr/lib
/usr/local/lib/$library_triplet
$(configured_library_folders | head -n 100)"
}

# Prints the folders that the loader's configuration names, a line each.
configured_library_folders() {
  texts_left=$texts_most
  names_in /etc/ld.so.conf.d '*.conf' | while IFS= read -r library_conf; do
    one_text "/etc/ld.so.conf.d/$library_conf" || continue
    # No real file is longer.
    head -c 65536 "$resolved" | while read -r library_folder || [ -n "$library_folder" ]; do
      case $library_folder in
      /*) printf '%s\n' "$library_folder" ;;
      esac
    done
  done
}

# Sets $resolved to a library of the tree for the program's architecture.
find_library() {
  while IFS= read -r library_folder; do
    tree_file "$library_folder/$1" || continue
    library_found=$(architecture_of "$resolved")
    if [ "$library_found" = "$library_architecture" ] || [ "$library_found" = unknown ]; then return 0; fi
  done <<EOF
$library_folders
EOF
  return 1
}

# Prints the version of a glibc, from its file name (up to 2.33) or from the strings in it.
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
      newest_version
    ;;
  esac
}

# Prints the newest of some versions 2.MINOR, without keeping all of them as sort does.
newest_version() {
  awk -F . '$2 + 0 > newest || NR == 1 { newest = $2 + 0 } END { if (NR) print "2." newest }'
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
  libc_version=''
  ! is_text "$resolved" 64 || libc_version=$(glibc_version_of "$resolved")
  case $libc_version in
  '') warning "the version of glibc could not be read from $resolved" "make sure that it is 2.27 or later" ;;
  2.[0-9] | 2.1[0-9] | 2.2[0-6])
    failure "$exit_not_set_up" "${root:-this system} has glibc $libc_version, and the program needs 2.27 or later" "$libc_remedy"
    ;;
  *)
    if tree_file "$loader"; then
      ok "glibc is $libc_version"
    else
      failure "$exit_not_set_up" "${root:-this system} has glibc, but not its loader at $loader" \
        'install glibc; if the distribution has its loader elsewhere (NixOS, Guix), patch the program: see patchelf(1)'
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
  '') ok 'all libraries are installed' ;;
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

whole=libraries
