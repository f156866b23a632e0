/** Stands for the text wherever it would be printed. */
const HIDDEN = "(hidden)";

/**
 * A text that nobody may see, such as a password. It is not printed by accident: neither
 * in a message, nor as JSON, nor by an inspection of what holds it.
 */
export class Secret {
  readonly #text: string;

  /**
   * Constructs a new instance.
   *
   * @param text The text.
   */
  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the text. */
  reveal(): string {
    return this.#text;
  }

  /** Returns the same words for every secret. */
  toString(): string {
    return HIDDEN;
  }

  /** Returns the same words for every secret. */
  toJSON(): string {
    return HIDDEN;
  }
}
