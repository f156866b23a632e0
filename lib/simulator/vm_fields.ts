import { COMPUTE } from "./compute_fields.ts";
import { quote } from "./refusal.ts";

/** The fields of compute that can be given; the others follow from the VM's other values. */
const SETTABLE: readonly string[] = Object.entries(COMPUTE)
  .filter(([, [, value]]) => typeof value === "string")
  .map(([path]) => path);

/**
 * Parses `FIELD=VALUE` for a field of compute, such as `plan.name=free`.
 *
 * @throws {Error} If there is no such field. The message lists those there are.
 */
export function parseField(text: string): [path: string, value: string] {
  const [path, value] = splitPair(text, "FIELD=VALUE");
  if (!SETTABLE.includes(path)) {
    throw new Error(
      `${quote(path)} is not one of these fields: ${SETTABLE.join(", ")}`,
    );
  }
  return [path, value];
}

/**
 * Parses a tag, `NAME=VALUE`.
 *
 * @throws {Error} If it has no name or no "=".
 */
export function parseTag(text: string): [name: string, value: string] {
  return splitPair(text, "NAME=VALUE");
}

function splitPair(text: string, form: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new Error(`${quote(text)} is not of the form "${form}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}
