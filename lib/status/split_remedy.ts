/** A message in two parts. */
export interface ReasonAndRemedy {
  /** What failed, and why. */
  readonly reason: string;
  /** What to do about it, and what else is known; `undefined` if the message has no such part. */
  readonly remedy: string | undefined;
}

/**
 * Splits an error's message at its first semicolon that is neither within quotes nor within
 * parentheses: by the program's convention, the remedy follows it.
 */
export function splitRemedy(message: string): ReasonAndRemedy {
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < message.length; index++) {
    const character = message[index];
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === ";" && depth === 0) {
      const remedy = message.slice(index + 1).trim();
      if (remedy === "") break;
      return { reason: message.slice(0, index).trim(), remedy };
    }
  }
  return { reason: message, remedy: undefined };
}
