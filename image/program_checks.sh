# Checks the installed program.
# shellcheck shell=sh disable=SC2034,SC2154

check_program() {
  program=$prefix/bin/azure-provisioning
  if ! tree_file "$program"; then
    failure "$exit_not_set_up" "$root$program is missing" \
      "install it: $(again); or name its folder with --prefix"
  elif ! is_text "$resolved" 1024; then
    failure "$exit_bad_data" "$resolved is not a program: $why_not" "install it again: $(again)"
  elif ! [ -x "$resolved" ]; then
    failure "$exit_not_set_up" "$resolved is not executable" "chmod 755 $(quote "$resolved")"
  elif [ "$(architecture_of "$resolved")" = none ]; then
    failure "$exit_bad_data" "$resolved is not a Linux program" "install it again: $(again)"
  elif ! is_whole_program "$resolved"; then
    failure "$exit_bad_data" "$resolved cannot work: $why_not" \
      "install it again, byte for byte, and do not strip or pack it: $(again)"
  else
    binary=$resolved
    ok "the program is $binary"
  fi
}

# Compares the installed program with the manifest, or with the release that this file belongs to.
check_checksum() {
  if ! checksum_found=$(sha256_of "$binary"); then
    warning 'the SHA-256 of the program could not be checked: this machine has no sha256sum, busybox, openssl or shasum' \
      "check $binary on another machine"
    return 0
  fi
  checksum_by=$root$(manifest)
  if ! checksum_wanted=$(recorded file "$prefix/bin/azure-provisioning"); then
    checksum_wanted=''
    for checksum_by in "$here/../dist/SHA256SUMS" "$here/../SHA256SUMS"; do
      [ -f "$checksum_by" ] || continue
      checksum_wanted=$(
        for checksum_name in azure-provisioning "azure-provisioning-$(architecture_of "$binary")"; do
          listed_sum "$checksum_name" <"$checksum_by"
        done
      )
      [ -z "$checksum_wanted" ] || break
    done
  fi
  if [ -z "$checksum_wanted" ]; then
    warning "the SHA-256 that $binary should have is not recorded" "install it, which records it: $(again)"
  elif printf '%s\n' "$checksum_wanted" | grep -qxF "$checksum_found"; then
    ok "the program's SHA-256 matches $checksum_by"
  else
    failure "$exit_bad_data" "the SHA-256 of $binary is $checksum_found, which does not match $checksum_by" \
      "install it again: $(again)"
  fi
}

whole=program_checks
