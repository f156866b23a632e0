/** Checks a field after the type. */
type Field = (bytes: Uint8Array) => boolean;

/** The shortest RSA key that OpenSSH accepts (`RequiredRSASize`), in bits. */
const LEAST_RSA_BITS = 1024;

const some: Field = (bytes) => bytes.length > 0;
const ed25519Point: Field = (bytes) => bytes.length === 32;

/** An uncompressed point: 4, and two numbers. */
function point(numberLength: number): Field {
  return (bytes) => bytes[0] === 4 && bytes.length === 1 + 2 * numberLength;
}

function word(text: string): Field {
  return (bytes) => asciiOf(bytes) === text;
}

/** The fields that follow the type, from RFC 4253, 5656 and 8709, and OpenSSH's PROTOCOL.u2f. */
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  "ssh-ed25519": [ed25519Point],
  "ecdsa-sha2-nistp256": [word("nistp256"), point(32)],
  "ecdsa-sha2-nistp384": [word("nistp384"), point(48)],
  "ecdsa-sha2-nistp521": [word("nistp521"), point(66)],
  "sk-ssh-ed25519@openssh.com": [ed25519Point, some],
  "sk-ecdsa-sha2-nistp256@openssh.com": [word("nistp256"), point(32), some],
  "ssh-rsa": [some, (n) => bitsOf(n) >= LEAST_RSA_BITS],
};

/**
 * Says what is wrong with the body of an SSH key.
 *
 * @param type The type that is named in front of the body.
 * @param body The body, in base64.
 * @returns `undefined` if it is a complete key of that type.
 */
export function sshKeyBodyProblem(
  type: string,
  body: string,
): string | undefined {
  const bytes = fromBase64(body);
  if (bytes === undefined) return "its body is not base64";
  const fields = stringsIn(bytes);
  if (fields === undefined) return "its body is cut off, or too long";
  const inner = asciiOf(fields[0] ?? new Uint8Array());
  if (inner !== type) return "its body is of another type than it says";
  const expected = FIELDS[type] ?? [];
  if (fields.length - 1 !== expected.length) {
    return "its body is cut off, or too long";
  }
  const wrong = expected.findIndex((fits, index) => !fits(fields[index + 1]!));
  if (wrong === -1) return undefined;
  return type === "ssh-rsa"
    ? `it has under ${LEAST_RSA_BITS} bits`
    : "its body is not a key";
}

/** How many bits a whole RSA key has; `undefined` for other keys. */
export function rsaBitsOf(type: string, body: string): number | undefined {
  if (type !== "ssh-rsa") return undefined;
  const number = stringsIn(fromBase64(body) ?? new Uint8Array())?.[2];
  return number && bitsOf(number);
}

/** Accepts only the canonical encoding, so that each key has one spelling. */
function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    const binary = atob(text);
    if (btoa(binary) !== text) return undefined;
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Splits strings as in RFC 4251: a length of four bytes, then as many bytes. */
function stringsIn(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) return undefined;
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

function bitsOf(number: Uint8Array): number {
  const start = number.findIndex((byte) => byte !== 0);
  if (start === -1) return 0;
  return (number.length - start) * 8 - Math.clz32(number[start]!) + 24;
}

function asciiOf(bytes: Uint8Array): string {
  return bytes.length > 64 ? "" : String.fromCharCode(...bytes);
}
