# The names that the network card of a VM can have, and the files that configure it.
# shellcheck shell=sh disable=SC2034,SC2154

# Sets $cards to the names. Azure's card is on VMBus, for which udev has no other name than the kernel's: configuration for "ens3"
# or "en*" is for another platform. What renames cards in the image may name it.
find_cards() {
  cards=eth0 texts_left=$config_most
  for card_file in $(network_names '*.link' | cut -f 2 | grep -v '/99-default\.link$'); do
    one_text "$card_file" || continue
    add_cards "$(sed -n 's/^[[:space:]]*Name[[:space:]]*=[[:space:]]*//p' "$resolved" | tr -dc 'A-Za-z0-9._\n-')"
  done
  find_names /etc/udev/rules.d '*.rules'
  for card_file in $names; do
    one_text "/etc/udev/rules.d/$card_file" || continue
    add_cards "$(sed -n 's/^[^#]*[^A-Z]NAME:*="\([A-Za-z0-9._-]*\)".*/\1/p' "$resolved")"
  done
  [ -z "$root" ] || return 0
  find_names /sys/class/net '*'
  for card_file in $names; do
    [ ! -e "/sys/class/net/$card_file/device" ] || add_cards "$card_file"
  done
}

# Adds names, a line each, that a card can have: each is looked for in every file. No image renames more cards.
add_cards() {
  while IFS= read -r card_name && [ "${#cards}" -lt 200 ]; do
    case $card_name in '' | ????????????????*) continue ;; esac
    case " $cards " in *" $card_name "*) ;; *) cards="$cards $card_name" ;; esac
  done <<EOF
$1
EOF
}

# Prints "NAME<tab>PATH" of each file of systemd-networkd or udev that counts, in their order: one in /etc takes the place of
# one of its name in /usr.
network_names() {
  network_named=''
  for names_folder in /etc/systemd/network /usr/local/lib/systemd/network /usr/lib/systemd/network /lib/systemd/network; do
    find_names "$names_folder" "$1"
    while IFS= read -r network_name; do
      [ -z "$network_name" ] || network_named="$network_named$network_name	$names_folder/$network_name$newline"
    done <<EOF
$names
EOF
  done
  [ -n "$network_named" ] || return 0
  printf '%s' "$network_named" | awk -F '	' '!seen[$1]++' | sort
}

# Prints files of the tree that can be read whole, each after a line "@ PATH", or with another word: print_files PATH...
print_word=@
print_files() {
  for print_path; do
    one_text "$print_path" || continue
    printf '%s %s\n' "$print_word" "$print_path"
    # No line of a file is taken for such a one; none that counts begins so.
    sed 's/^@/#/' <"$resolved"
    echo
  done
}

# Likewise, those of a folder whose names match a pattern.
print_folder() {
  find_names "$1" "$2"
  while IFS= read -r print_name; do
    [ -z "$print_name" ] || print_files "$1/$print_name"
  done <<EOF
$names
EOF
}

# What the readers of configuration share: whether a glob, or one of a list of globs of which "!" before the first negates all,
# is the name of a card.
# shellcheck disable=SC2016
card_reader='
  # Longer ones are no configuration, and slow to take apart.
  length($0) > 4096 { next }
  function is_glob_of(glob, name) {
    gsub(/[.+(){}^$|\\]/, "\\\\&", glob)
    gsub(/\*/, ".*", glob)
    gsub(/\?/, ".", glob)
    return name ~ ("^(" glob ")$")
  }
  function is_card(glob,  i, n, names) {
    n = split(cards, names, " ")
    for (i = 1; i <= n; i++) if (is_glob_of(glob, names[i])) return 1
    return 0
  }
  function one_of(globs, name,  i, n, list, negated) {
    gsub(/["\047]/, "", globs)
    negated = sub(/^[ \t]*!/, "", globs)
    n = split(globs, list, /[ \t,;]+/)
    for (i = 1; i <= n; i++)
      if (list[i] != "" && (name == "" ? is_card(list[i]) : is_glob_of(list[i], name))) return !negated
    return negated
  }
  # Sets "key" and "value", if the line assigns something.
  function assigns(line) {
    if (line ~ /^[ \t]*[#;]/ || line !~ /=/) return 0
    key = trimmed(substr(line, 1, index(line, "=") - 1))
    value = trimmed(substr(line, index(line, "=") + 1))
    return 1
  }
  # A text without blanks at its ends, and with one where there are several: a pattern that ends in "[ ]+$" takes long to match.
  function trimmed(text) {
    gsub(/[ \t\r]+/, " ", text)
    sub(/^ /, "", text)
    sub(/ $/, "", text)
    return text
  }
  function is_on(word) { return tolower(word) ~ /^(yes|true|on|1|y|t)$/ }
  function is_off(word) { return tolower(word) ~ /^(no|false|off|0|n|f)$/ }'

whole=cards
