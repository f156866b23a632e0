import { ExitCode } from "../exit_code.ts";
import { ProvisioningError } from "../provisioning_error.ts";
import { type DataKind, USER_DATA } from "../parts/user_data/data_kind.ts";

/**
 * The largest user data or custom data that are taken, in bytes; Azure takes no more
 * than 64 KiB either.
 */
export const MAX_USER_DATA_BYTES = 64 * 1024;

/** As many characters of base64 as that can have, without blanks. */
const MAX_BASE64_LENGTH = Math.ceil(MAX_USER_DATA_BYTES / 3) * 4;

/**
 * Decodes user data, as the metadata have them (`compute.userData`), or custom data, as
 * the provisioning media do (`CustomData`).
 *
 * They are anybody's bytes, and often secret: no error quotes them.
 *
 * @param base64 The data in base64; blanks and line ends in it do no harm.
 * @param kind Which they are.
 * @returns The bytes.
 * @throws {ProvisioningError} With the key `user_data_invalid` or `custom_data_invalid`
 * if it is not base64, and `user_data_too_large` or `custom_data_too_large` if the bytes
 * are over 64 KiB.
 */
export function decodeUserData(
  base64: string,
  kind: DataKind = USER_DATA,
): Uint8Array<ArrayBuffer> {
  const text = base64.replace(/[\t\n\f\r ]+/g, "");
  if (text.length > MAX_BASE64_LENGTH) throw tooLarge(kind);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.fromBase64(text);
  } catch {
    // What it says may quote the data.
    throw new ProvisioningError(
      `The ${kind.words} ${kind.place} are not base64; give the VM ${kind.words} that are, or none`,
      { key: `${kind.key}_invalid`, exitCode: ExitCode.badData },
    );
  }
  if (bytes.length > MAX_USER_DATA_BYTES) throw tooLarge(kind);
  return bytes;
}

function tooLarge({ words, place, key }: DataKind): ProvisioningError {
  return new ProvisioningError(
    `The ${words} ${place} are over ${MAX_USER_DATA_BYTES} bytes; give the VM less, such as a script that fetches the rest`,
    { key: `${key}_too_large`, exitCode: ExitCode.badData },
  );
}
