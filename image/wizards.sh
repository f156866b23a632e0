# Checks whether somebody at the console is asked questions during the first boot: nobody is there, and the boot waits.
# shellcheck shell=sh disable=SC2034,SC2154

# Services of distributions that ask, and that wait for the answer before the boot goes on.
known_wizards='systemd-homed-firstboot jeos-firstboot initial-setup initial-setup-text yast2-firstboot YaST2-Firstboot'

check_console_questions() {
  wizard_unit=systemd-firstboot wizard_asks=''
  ! has_started systemd-firstboot || ! (load_init systemd && is_first_boot) || find_firstboot_questions
  if [ -n "$wizard_asks" ]; then
    failure "$exit_not_set_up" \
      "systemd asks for $wizard_asks at the console during the first boot, and waits for the answer: no VM becomes ready" \
      "mask the service that asks: $(wizard_mask_command)"
    return 0
  fi
  for wizard_unit in $known_wizards; do
    has_started "$wizard_unit" || continue
    warning "$wizard_unit.service may ask questions at the console during the first boot, and wait for the answers" \
      "mask it: $(wizard_mask_command)"
    return 0
  done
  ok 'nobody is asked anything at the console'
}

wizard_mask_command() {
  printf 'systemctl%s mask %s.service' "${root:+ --root=$(quote "$root")}" "$wizard_unit"
}

# Sets $wizard_asks to what systemd-firstboot asks for. It leaves out what the image has, and a choice of one.
find_firstboot_questions() {
  tree_text /usr/lib/systemd/system/systemd-firstboot.service || tree_text /lib/systemd/system/systemd-firstboot.service || return 0
  wizard_command=$(sed -n 's/^ExecStart=//p' "$resolved" | tr '\n' ' ')
  # Who changes the command, or adds a condition, knows of it.
  ! wizard_is_changed || return 0
  ! wizard_may_ask locale || has_link_or_file /etc/locale.conf /etc/default/locale || ! has_choice_of_locales ||
    add_question 'the locale'
  ! wizard_may_ask keymap || has_link_or_file /etc/vconsole.conf /etc/default/keyboard || ! has_keymaps ||
    add_question 'the keymap'
  ! wizard_may_ask timezone || has_link_or_file /etc/localtime || add_question 'the time zone'
  ! wizard_may_ask root-password || has_root_account || add_question "root's password"
}

# Whether the command has an option of it, or the one for all: wizard_may_ask WHAT
wizard_may_ask() {
  case " $wizard_command " in *" --prompt "* | *" --prompt-$1 "*) return 0 ;; esac
  return 1
}

add_question() {
  wizard_asks="${wizard_asks:+$wizard_asks, }$1"
}

wizard_is_changed() {
  texts_left=$texts_most
  for wizard_folder in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    while IFS= read -r wizard_file; do
      ! one_text "$wizard_folder/systemd-firstboot.service.d/$wizard_file" ||
        ! grep -Eq '^[[:space:]]*(ExecStart=[[:space:]]*$|Condition|Assert)' "$resolved" || return 0
    done <<EOF
$(names_in "$wizard_folder/systemd-firstboot.service.d" '*.conf')
EOF
  done
  # The kernel's command line turns the questions off.
  while IFS='|' read -r wizard_folder wizard_pattern; do
    while IFS= read -r wizard_file; do
      ! one_text "$wizard_folder/$wizard_file" ||
        ! grep -Eq '(^|[[:space:]"])systemd\.firstboot=(0|no|n|off|false|f)([[:space:]"]|$)' "$resolved" || return 0
    done <<EOF
$(names_in "$wizard_folder" "$wizard_pattern")
EOF
  done <<'EOF'
/etc/kernel|cmdline
/usr/lib/kernel|cmdline
/etc/default|grub
/boot/grub|grub.cfg
/boot/grub2|grub.cfg
/boot/loader/entries|*.conf
/efi/loader/entries|*.conf
EOF
  return 1
}

# Whether one of some paths is there, if only as a link that leads nowhere.
has_link_or_file() {
  for wizard_path in "$@"; do
    if has_link "$wizard_path" || tree_file "$wizard_path"; then return 0; fi
  done
  return 1
}

has_choice_of_locales() {
  tree_file /usr/lib/locale/locale-archive || [ "$(names_in /usr/lib/locale '*' | wc -l)" -gt 1 ]
}

has_keymaps() {
  for wizard_folder in /usr/share/keymaps /usr/share/kbd/keymaps /usr/lib/kbd/keymaps; do
    [ -z "$(names_in "$wizard_folder" '*')" ] || return 0
  done
  return 1
}

has_root_account() {
  tree_text /etc/passwd && grep -q '^root:' "$resolved" && tree_text /etc/shadow &&
    grep -q '^root:' "$resolved" && ! grep -q '^root:!unprovisioned:' "$resolved"
}

whole=wizards
