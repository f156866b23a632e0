import { SSH_KEY_TYPES } from "./ssh_key.ts";

const LINE_END = 0x0a;

/**
 * Adds keys to an authorized_keys(5) file.
 *
 * Existing lines stay as they are, in their order. A key that is present is not added
 * again, whatever its comment, so that options in front of it stay in effect.
 *
 * @param existing The file's bytes; empty for a new file.
 * @param lines Keys as `cleanSshKey` returns them.
 * @returns The new bytes; the same array if all keys are present.
 */
export function withKeys(
  existing: Uint8Array<ArrayBuffer>,
  lines: readonly string[],
): Uint8Array<ArrayBuffer> {
  const present = new Set<string>();
  // Keys and options are ASCII, whatever encoding the comments have.
  for (const line of new TextDecoder("latin1").decode(existing).split("\n")) {
    const key = keyIn(line);
    if (key !== undefined) present.add(key);
  }
  let added = "";
  for (const line of lines) {
    const key = keyIn(line);
    if (key === undefined || present.has(key)) continue;
    present.add(key);
    added += `${line}\n`;
  }
  if (added === "") return existing;
  const isOpen = existing.length > 0 && existing.at(-1) !== LINE_END;
  const more = new TextEncoder().encode(isOpen ? `\n${added}` : added);
  const all = new Uint8Array(existing.length + more.length);
  all.set(existing);
  all.set(more, existing.length);
  return all;
}

/** A key's type and body, without options and comment. */
function keyIn(line: string): string | undefined {
  const start = line.trimStart();
  if (start.startsWith("#")) return undefined;
  return keyAt(start) ?? keyAt(start.slice(endOfOptions(start)).trimStart());
}

function keyAt(text: string): string | undefined {
  const [type, body] = text.split(/[ \t\r]+/, 2);
  return type && body && SSH_KEY_TYPES.includes(type)
    ? `${type} ${body}`
    : undefined;
}

/** Like sshd, takes the first blank outside of quotes as the end of the options. */
function endOfOptions(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\" && text[at + 1] === '"') at++;
    else if (text[at] === '"') quoted = !quoted;
    else if (!quoted && /[ \t]/.test(text[at]!)) return at;
  }
  return text.length;
}
