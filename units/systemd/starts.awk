# Works out which units the default target reaches, for list_systemd_starts of starts.sh, which documents what it prints. Reads the
# list of "ls" and what the readers there print. folders: those of units, in the order of their precedence; is_first_boot: whether
# presets are applied.
# No image has as many units, links or rules as the limits here. Sets "place" to the number of the folder that a path is in, and "rest" to the path below it.
function locate(path,  i) {
  for (i = 1; i <= count; i++) if (index(path, folder[i] "/") == 1) {
    place = i
    rest = substr(path, length(folder[i]) + 2)
    return 1
  }
  return 0
}
function base(path) {
  sub(/.*\//, "", path)
  return path
}
function add(from, to, path, only_in) {
  # What leads from one unit is kept in one text.
  if (edges >= 20000) return
  if (to == "" || to ~ /[%$]/ || to ~ /^(rescue|emergency)\./) return
  edges++
  edge_from[edges] = from; edge_to[edges] = to; edge_path[edges] = substr(path, 2); edge_in[edges] = only_in
}
# The name of a unit behind an alias.
function real_name(unit,  i) {
  for (i = 0; i < 10 && unit in alias; i++) unit = alias[unit]
  return unit
}
function template(unit) {
  return unit ~ /@[^.]+\./ ? substr(unit, 1, index(unit, "@")) substr(unit, match(unit, /\.[a-z]+$/)) : ""
}
function visit(unit, path,  type) {
  unit = real_name(unit)
  if (unit in by || unit in masked || template(unit) in masked) return
  by[unit] = path
  order[++visited] = unit
}
function follow(unit, from,  i, n, parts) {
  n = split(out[from], parts, " ")
  for (i = 1; i <= n; i++) visit(edge_to[parts[i]], edge_path[parts[i]])
}
function matches(name, glob) {
  if (glob !~ /[*?[]/) return name == glob
  gsub(/[.+(){}^$|\\]/, "\\\\&", glob)
  gsub(/\*/, ".*", glob)
  gsub(/\?/, ".", glob)
  return name ~ ("^" glob "$")
}
# The preset file that enables a unit; the first rule in the order of the names counts, and without one a unit is enabled.
function preset_of(unit,  i, best) {
  best = 0
  for (i = 1; i <= rules; i++) {
    if (rule_file[i] != preset_file[rule_name[i]]) continue
    if (best && rule_name[i] >= rule_name[best]) continue
    if (matches(unit, rule_for[i])) best = i
  }
  if (!best) return "the presets"
  return rule_says[best] == "enable" ? substr(rule_file[best], 2) : ""
}
# The service that a timer, path or socket starts.
function trigger(unit,  stem) {
  if (unit !~ /\.(timer|path|socket)$/) return
  if (triggers[unit]) return
  stem = unit
  sub(/\.[a-z]+$/, "", stem)
  visit(stem ".service", by[unit])
  if (unit ~ /\.socket$/) visit(stem "@.service", by[unit])
}
BEGIN { count = split(folders, folder, " ") }
/^= / {
  path = $2
  text = $0
  sub(/^= [^ ]* [ \t]*/, "", text)
  key = text
  sub(/[ \t]*=.*/, "", key)
  sub(/^[^=]*=[ \t]*/, "", text)
  if (key == "Udev") {
    n = split(text, words, /[ \t]+/)
    for (i = 1; i <= n; i++) add("(root)", words[i], path, 0)
    next
  }
  if (!locate(path)) next
  only_in = 0
  if (rest ~ /\//) {
    if (rest !~ /\.d\/[^\/]*\.conf$/) next
    from = rest
    sub(/\.d\/.*/, "", from)
  } else {
    from = rest
    only_in = place
  }
  if (key ~ /^Exec/) {
    commands++
    command_of[commands] = from; command[commands] = text; command_in[commands] = only_in
    command_path[commands] = substr(path, 2)
    next
  }
  n = split(text, words, /[ \t]+/)
  if (key ~ /By$/) {
    if (only_in) for (i = 1; i <= n && installs < 1000; i++) { installs++; install_of[installs] = from; install_by[installs] = words[i]; install_in[installs] = only_in }
    next
  }
  # "Service" of a socket, "Unit" of a timer or path.
  if ((key == "Service" || key == "Unit") && from !~ /\.(socket|timer|path)$/) next
  if (key == "Service" || key == "Unit") triggered[from] = 1
  for (i = 1; i <= n; i++) add(from, words[i], path, only_in)
  next
}
/^% / {
  # Each is compared with each unit that has an [Install] section.
  if ($3 ~ /^[#;]/ || $3 == "" || rules >= 1000 || length($4) > 255 || $4 ~ /\*.*\*.*\*/) next
  rules++
  rule_file[rules] = $2; rule_name[rules] = base($2); rule_says[rules] = $3; rule_for[rules] = $4
  next
}
/^~ / {
  if (NF == 3) { named_by++; generated[named_by] = $3; generator[named_by] = substr($2, 2) }
  next
}
match($0, / \.\//) {
  path = substr($0, RSTART + 1)
  target = ""
  if (/^l/) {
    at = index(path, " -> ")
    target = substr(path, at + 4)
    path = substr(path, 1, at - 1)
  }
  if (!locate(path)) next
  if (rest ~ /\//) {
    if (rest !~ /\.(wants|requires|upholds)\//) next
    if ((place, rest) in seen) next
    seen[place, rest] = 1
    links++
    link_rest[links] = rest; link_path[links] = path; link_target[links] = target; link_in[links] = place
  } else {
    kind[place, rest] = target == "/dev/null" || !/^l/ && $5 == 0 ? "m" : target != "" && base(target) != rest ? "a" : "f"
    to[place, rest] = base(target)
    if (!(rest in known)) { known[rest] = 1; names[++named] = rest }
  }
}
END {
  for (i = 1; i <= named; i++) for (j = 1; j <= count; j++) {
    name = names[i]
    if (!((j, name) in kind)) continue
    effective[name] = j
    if (kind[j, name] == "m") masked[name] = 1
    if (kind[j, name] == "a" && to[j, name] != template(name)) alias[name] = to[j, name]
    break
  }
  # A link to /dev/null takes those of the folders after it away.
  for (j = 1; j <= count; j++) for (i = 1; i <= links; i++) {
    if (link_in[i] != j || link_rest[i] in linked) continue
    linked[link_rest[i]] = 1
    if (link_target[i] == "/dev/null") continue
    from = link_rest[i]
    sub(/\.(wants|requires|upholds)\/.*/, "", from)
    add(from, base(link_rest[i]), link_path[i], 0)
    is_link[edges] = 1
  }
  if (is_first_boot) {
    for (i = 1; i <= rules; i++) if (!(rule_name[i] in preset_file)) preset_file[rule_name[i]] = rule_file[i]
    for (i = 1; i <= installs; i++) {
      if (install_in[i] != effective[install_of[i]]) continue
      file = preset_of(install_of[i])
      if (file != "") add(install_by[i], install_of[i], "." file, 0)
    }
  }
  for (i = 1; i <= edges; i++) {
    from = edge_from[i]
    if (edge_in[i] && edge_in[i] != effective[from]) continue
    from = real_name(from)
    out[from] = out[from] " " i
    if (from ~ /\.device$/) out["(root)"] = out["(root)"] " " i
  }
  for (name in triggered) triggers[real_name(name)] = 1
  default_target = "default.target" in alias ? real_name("default.target") : "graphical.target"
  visit(default_target, "/etc/systemd/system/default.target")
  if (default_target ~ /^(graphical|multi-user)\.target$/) visit("multi-user.target", "-")
  n = split("sysinit basic sockets timers paths network network-online local-fs remote-fs getty", words, " ")
  if (default_target !~ /^(rescue|emergency)\.target$/) for (i = 1; i <= n; i++) visit(words[i] ".target", "-")
  follow("(root)", "(root)")
  for (next_one = 1; next_one <= visited; next_one++) {
    unit = order[next_one]
    follow(unit, unit)
    # All of its instances start the same.
    if (template(unit) != "" && !(template(unit) in first_of)) {
      first_of[template(unit)] = next_one
      follow(unit, template(unit))
    }
    trigger(unit)
  }
  for (i = 1; i <= visited; i++) print order[i], by[order[i]]
  for (name in alias) if (real_name(name) in by) print name, by[real_name(name)]
  for (i = 1; i <= edges; i++)
    if (is_link[i] && !(real_name(edge_to[i]) in by) && !(real_name(edge_to[i]) in masked) && \
      edge_from[i] !~ /^(rescue|emergency|reboot|poweroff|halt|kexec|shutdown|final|suspend|hibernate|sleep)/)
      print "?" edge_to[i], edge_path[i]
  for (name in masked) print "-" name, "MASKED"
  for (i = 1; i <= named_by; i++)
    if (generated[i] in effective && !(real_name(generated[i]) in by) && !(real_name(generated[i]) in masked))
      print "?" generated[i], generator[i]
  for (i = 1; i <= commands; i++) {
    name = command_of[i]
    if (command_in[i] && command_in[i] != effective[name]) continue
    unit = real_name(name)
    if (unit in by) print "!" unit, command_path[i], command[i]
    else if (name in first_of) print "!" order[first_of[name]], command_path[i], command[i]
  }
}
