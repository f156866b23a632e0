# Which SSH server an image has, and what starts it.
# shellcheck shell=sh disable=SC2034,SC2154

# The programs of a server, and the services that start it; with systemd, a socket starts the service of its own name.
known_ssh_servers='sshd|sshd|ssh sshd sshd@ ssh@ openssh openssh-server
dropbear|dropbear|dropbear dropbear@
tinysshd|tinysshd tinyssh|tinysshd tinysshd@ tinyssh@ tinyssh
another|lshd|lsh-server'

# Sets $ssh_server to the first one that is started, or else to one that is installed; $ssh_by to what starts it. Either may be
# empty.
find_ssh_server() {
  ssh_server='' ssh_by=''
  survey_inits
  while IFS='|' read -r server_name server_programs server_units; do
    has_one_of "$server_programs" || continue
    ssh_server=${ssh_server:-$server_name}
    # Names without blanks.
    # shellcheck disable=SC2086
    find_enabled_unit $server_units
    ssh_by=$enabled_by server_words=''
    for server_word in $server_programs; do server_words="$server_words${server_words:+|}$server_word"; done
    [ -n "$ssh_by" ] || {
      find_started_command "$server_words"
      ssh_by=$started_by
    }
    [ -n "$ssh_by" ] || {
      find_script_that_runs "[^#]*($server_words)([[:space:]]|\$)"
      ssh_by=$script_found
    }
    [ -n "$ssh_by" ] || continue
    ssh_server=$server_name
    return 0
  done <<EOF_SERVERS
$known_ssh_servers
EOF_SERVERS
}

ssh_enable_command() {
  if first_file /usr/lib/systemd/systemd /lib/systemd/systemd; then
    ssh_unit=$ssh_server
    ! tree_program sshd || { ssh_unit=ssh && first_file /lib/systemd/system/ssh.service /usr/lib/systemd/system/ssh.service; } ||
      ssh_unit=sshd
    printf 'systemctl%s enable %s.service' "${root:+ --root=$(quote "$root")}" "$ssh_unit"
  else
    printf 'add %s to the services that the init starts' "$ssh_server"
  fi
}

whole=ssh_server
