const LONGEST = 120;

/** A value as messages show it: in double quotes, control characters escaped, long ones cut. */
export function quote(value: string): string {
  return JSON.stringify(
    value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value,
  );
}
