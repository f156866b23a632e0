import { ExitCode } from "../exit_code.ts";
import { ProvisioningError } from "../provisioning_error.ts";

/** The largest user data that are taken, in bytes; Azure takes no more than 64 KiB either. */
export const MAX_USER_DATA_BYTES = 64 * 1024;

/** As many characters of base64 as that can have, without blanks. */
const MAX_BASE64_LENGTH = Math.ceil(MAX_USER_DATA_BYTES / 3) * 4;

/**
 * Decodes user data, as the metadata have them (`compute.userData`).
 *
 * They are anybody's bytes, and often secret: no error quotes them.
 *
 * @param base64 The data in base64; blanks and line ends in it do no harm.
 * @returns The bytes.
 * @throws {ProvisioningError} With the key `user_data_invalid` if it is not base64, and
 * `user_data_too_large` if the bytes are over 64 KiB.
 */
export function decodeUserData(base64: string): Uint8Array<ArrayBuffer> {
  const text = base64.replace(/[\t\n\f\r ]+/g, "");
  if (text.length > MAX_BASE64_LENGTH) throw tooLarge();
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.fromBase64(text);
  } catch {
    // What it says may quote the data.
    throw new ProvisioningError(
      "The user data in the metadata are not base64; give the VM user data that are, or none",
      { key: "user_data_invalid", exitCode: ExitCode.badData },
    );
  }
  if (bytes.length > MAX_USER_DATA_BYTES) throw tooLarge();
  return bytes;
}

function tooLarge(): ProvisioningError {
  return new ProvisioningError(
    `The user data in the metadata are over ${MAX_USER_DATA_BYTES} bytes; give the VM less, such as a script that fetches the rest`,
    { key: "user_data_too_large", exitCode: ExitCode.badData },
  );
}
