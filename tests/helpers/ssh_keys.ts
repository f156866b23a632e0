/** Makes the body of an SSH key: a length of four bytes and as many, for every field (RFC 4251). */
export function sshKeyBody(
  ...fields: readonly (string | Uint8Array)[]
): string {
  let binary = "";
  for (const field of fields) {
    const text = typeof field === "string"
      ? field
      : String.fromCharCode(...field);
    const length = text.length;
    binary += String.fromCharCode(0, 0, length >> 8, length & 0xff) + text;
  }
  return btoa(binary);
}

function bytes(length: number, first = 7): Uint8Array {
  return new Uint8Array(length).fill(0x5a).fill(first, 0, 1);
}

function key(type: string, ...fields: (string | Uint8Array)[]): string {
  return `${type} ${sshKeyBody(type, ...fields)}`;
}

/** A key of every type, well-formed, and nobody's. */
export const SSH_KEYS: Readonly<Record<string, string>> = {
  ed25519: key("ssh-ed25519", bytes(32)),
  anotherEd25519: key("ssh-ed25519", bytes(32, 8)),
  ecdsa256: key("ecdsa-sha2-nistp256", "nistp256", bytes(65, 4)),
  ecdsa384: key("ecdsa-sha2-nistp384", "nistp384", bytes(97, 4)),
  ecdsa521: key("ecdsa-sha2-nistp521", "nistp521", bytes(133, 4)),
  skEd25519: key("sk-ssh-ed25519@openssh.com", bytes(32), "ssh:"),
  skEcdsa: key(
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "nistp256",
    bytes(65, 4),
    "ssh:",
  ),
  rsa2048: key("ssh-rsa", "\x01\x00\x01", bytes(257, 0)),
};

/** A body without its type, of an RSA key of as many bits, a multiple of eight. */
export function rsaKey(bits: number): string {
  const n = new Uint8Array(1 + bits / 8).fill(0xff).fill(0, 0, 1);
  return key("ssh-rsa", "\x01\x00\x01", n);
}
