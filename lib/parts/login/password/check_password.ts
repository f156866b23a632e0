/** The most that PAM and crypt(3) take, in bytes. */
export const MAX_PASSWORD_BYTES = 511;

/**
 * Says why a password cannot be set exactly as it is, if so, without quoting it.
 *
 * chpasswd reads lines, and whatever else is in one belongs to the password. Whether it is a
 * good password is for the platform to say.
 */
export function passwordProblem(password: string): string | undefined {
  if (password === "") return "it is empty";
  if (/[\n\r]/.test(password)) return "it has a line break";
  if (password.includes("\0")) return "it has a NUL";
  if (!password.isWellFormed()) return "it is not Unicode";
  const { length } = new TextEncoder().encode(password);
  return length > MAX_PASSWORD_BYTES
    ? `it has ${length} bytes, and the most is ${MAX_PASSWORD_BYTES}`
    : undefined;
}
