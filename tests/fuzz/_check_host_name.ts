import { assert, assertEquals } from "@std/assert";
import { toHostName } from "../../lib/parts/hostname/host_name.ts";
import { attempt } from "./_attempt.ts";
import { checkMessage, isPrintable } from "./_printable.ts";

/** A part between two dots, as Linux takes it; DNS takes 63 bytes of it. */
const LABEL_REGEXP = /^(?!-)[A-Za-z0-9-]{1,64}(?<!-)$/;

/**
 * Puts a name through the rules, and holds the result against those of docs/parts.md.
 *
 * @param raw Any text.
 * @returns The host name, if there is one.
 */
export function checkHostName(raw: string): string | undefined {
  const outcome = attempt(() => toHostName(raw));
  assert(outcome.ok);
  const result = outcome.value;
  assertEquals(result.ok ? result.name : undefined, expected(raw));
  if (!result.ok) {
    checkMessage(result.reason);
    assert(isPrintable(result.reason));
    return undefined;
  }
  assertEquals(result.changes.length > 0, result.name !== raw);
  // What is a host name stays one, and stays as it is.
  assertEquals(toHostName(result.name), {
    ok: true,
    name: result.name,
    changes: [],
    limits: result.limits,
  });
  assertEquals(
    result.limits.length > 0,
    /(^|\.)([^.]{64}|[0-9]+)$|^[^.]{64}\./.test(result.name),
  );
  return result.name;
}

/** What docs/parts.md says of host names. */
function expected(raw: string): string | undefined {
  if (raw.length > 255) return undefined;
  const name = raw.replace(/\.+$/, "").replaceAll("_", "-");
  if (/[^A-Za-z0-9.-]/u.test(name)) return undefined;
  const [first = "", ...others] = name.split(".");
  const labels = name.length > 64 ? [first] : [first, ...others];
  return labels.join(".").length <= 64 &&
      labels.every((label) => LABEL_REGEXP.test(label))
    ? labels.join(".")
    : undefined;
}
