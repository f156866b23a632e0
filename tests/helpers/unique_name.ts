/**
 * A name for what one test makes on this machine, so that runs do not meet.
 *
 * @returns Such as `apb4f1c09e2`: short enough for a network interface's alias, or a machine's name.
 */
export function uniqueName(): string {
  return `apb${crypto.randomUUID().slice(0, 8)}`;
}
