const LINE_FEED = 0x0A;
const CARRIAGE_RETURN = 0x0D;

/** Where bytes come from, such as a connection. */
export interface ByteSource {
  /** Reads bytes into the buffer and returns how many, null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** A buffer of bytes that have arrived and are not yet consumed. */
export class ByteInput {
  readonly #source: ByteSource;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array();

  /** Reads from the source, but only when told to. */
  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** How many bytes can be taken. */
  get length(): number {
    return this.#bytes.length;
  }

  /** Waits for more bytes, up to this many. Returns false at the end of the source. */
  async fill(most: number): Promise<boolean> {
    const buffer = new Uint8Array(most);
    const count = await this.#source.read(buffer);
    if (count === null) return false;
    const joined = new Uint8Array(this.#bytes.length + count);
    joined.set(this.#bytes);
    joined.set(buffer.subarray(0, count), this.#bytes.length);
    this.#bytes = joined;
    return true;
  }

  /** The length of the first line, including its line feed; undefined while incomplete. */
  lineLength(): number | undefined {
    const at = this.#bytes.indexOf(LINE_FEED);
    return at < 0 ? undefined : at + 1;
  }

  /** The length up to and including the first empty line; undefined while there is none. */
  headLength(): number | undefined {
    const bytes = this.#bytes;
    for (
      let at = bytes.indexOf(LINE_FEED);
      at >= 0;
      at = bytes.indexOf(LINE_FEED, at + 1)
    ) {
      if (bytes[at + 1] === LINE_FEED) return at + 2;
      if (bytes[at + 1] === CARRIAGE_RETURN && bytes[at + 2] === LINE_FEED) {
        return at + 3;
      }
    }
    return undefined;
  }

  /** The first bytes, or all there are, as text of one character a byte. They are not taken. */
  peek(length: number): string {
    return Array.from(
      this.#bytes.subarray(0, length),
      (byte) => String.fromCharCode(byte),
    ).join("");
  }

  /** Takes the first bytes, or all there are. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, length);
    this.#bytes = this.#bytes.slice(length);
    return taken;
  }
}
