/** What an ELF file is made for. */
export type Machine = "x86_64" | "aarch64";

const MACHINE_NUMBERS: Readonly<Record<Machine, number>> = {
  "x86_64": 0x3e,
  "aarch64": 0xb7,
};

/** How a compiled program ends: the mark of its payload, 24 bytes from the end. */
const PAYLOAD_MARK = new TextEncoder().encode(`d3n0l4nd${"\0".repeat(16)}`);

/** Makes the start of an ELF file for a machine; the text follows it, and the end of a compiled program. */
export function elf(machine: Machine, text = ""): Uint8Array<ArrayBuffer> {
  const words = new TextEncoder().encode(text);
  const bytes = new Uint8Array(64 + words.length + PAYLOAD_MARK.length);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes[18] = MACHINE_NUMBERS[machine];
  bytes.set(words, 64);
  bytes.set(PAYLOAD_MARK, 64 + words.length);
  return bytes;
}
