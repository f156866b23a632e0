/** A message in two parts. */
export interface ReasonAndRemedy {
  /** What failed, and why. */
  readonly reason: string;
  /** What to do about it, and more that is known; `undefined` if the message says nothing. */
  readonly remedy: string | undefined;
}

/**
 * Splits an error's message at its first semicolon that is neither within quotes nor within
 * parentheses: by the program's convention, the remedy follows it.
 */
export function splitRemedy(message: string): ReasonAndRemedy {
  let depth = 0;
  let isQuoted = false;
  for (const [index, character] of [...message].entries()) {
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === ";" && depth === 0) {
      const characters = [...message];
      const remedy = characters.slice(index + 1).join("").trim();
      if (remedy === "") break;
      return { reason: characters.slice(0, index).join("").trim(), remedy };
    }
  }
  return { reason: message, remedy: undefined };
}
