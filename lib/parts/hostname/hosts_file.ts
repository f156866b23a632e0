/** Marks the line that this program adds, so that a later run finds it. */
const MARK = "# Added by azure-provisioning";

/**
 * Makes a hosts(5) file resolve a host name.
 *
 * If no line has the name, a line with 127.0.1.1, as on Debian, is added. A line that
 * this program added for an earlier name is removed. All other lines stay unchanged.
 *
 * @param hosts The file's text.
 * @param name A valid host name. If it has dots, its first label becomes an alias.
 * @returns The new text; the same text if nothing has to change.
 */
export function withHostName(hosts: string, name: string): string {
  const lines = hosts.split("\n");
  const others = lines.filter((line) => !isOwn(line));
  if (others.some((line) => names(line).includes(name.toLowerCase()))) {
    return others.length === lines.length ? hosts : others.join("\n");
  }
  const alias = name.includes(".") ? ` ${name.split(".")[0]}` : "";
  const line = `127.0.1.1\t${name}${alias}\t${MARK}`;
  if (lines.filter(isOwn).join("\n") === line) return hosts;
  const before = others.join("\n");
  const separator = before === "" || before.endsWith("\n") ? "" : "\n";
  return `${before}${separator}${line}\n`;
}

function isOwn(line: string): boolean {
  return line.trimEnd().endsWith(MARK);
}

/** Splits at what is blank for the C library, which reads the file. */
function names(line: string): string[] {
  const [entry] = line.split("#", 1);
  const fields = entry!.toLowerCase().split(/[ \t\v\f\r]+/)
    .filter((field) => field !== "");
  return fields.slice(1);
}
