/** Ends the line that this program adds, so that it finds it again. */
const MARK = "# Added by azure-provisioning";

/**
 * Sees to it that a hosts(5) file resolves a host name.
 *
 * Where no line names it, a line for Debian's 127.0.1.1 is added; a line that was
 * added for an earlier name goes. All other lines stay as they are.
 *
 * @param hosts The file's text.
 * @param name A valid host name; with dots, its first part is made an alias.
 * @returns The new text, or the same text if nothing has to change.
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

/** Blanks are those of the C library, which reads the file. */
function names(line: string): string[] {
  const [entry] = line.split("#", 1);
  const fields = entry!.toLowerCase().split(/[ \t\v\f\r]+/)
    .filter((field) => field !== "");
  return fields.slice(1);
}
