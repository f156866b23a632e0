import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";
import type { DataKind } from "./data_kind.ts";

/** The most user data or custom data that is accepted, in bytes; Azure's limit is the same. */
export const MAX_USER_DATA_BYTES = 64 * 1024;

/** The length of that in base64, without blanks. */
const MAX_BASE64_LENGTH = Math.ceil(MAX_USER_DATA_BYTES / 3) * 4;

/**
 * Decodes user data (`compute.userData` in the metadata) or custom data (`CustomData`
 * on the provisioning media).
 *
 * It may be any bytes, and is often secret: no error quotes it.
 *
 * @param base64 The data in base64; blanks and line ends in it are ignored.
 * @throws {ProvisioningError} With the key `user_data_invalid` or `custom_data_invalid`
 * if it is not base64, and `user_data_too_large` or `custom_data_too_large` if it is
 * over 64 KiB.
 */
export function decodeUserData(
  base64: string,
  kind: Pick<DataKind, "words" | "place" | "key">,
): Uint8Array<ArrayBuffer> {
  const text = base64.replace(/[\t\n\f\r ]+/g, "");
  if (text.length > MAX_BASE64_LENGTH) throw tooLarge(kind);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.fromBase64(text);
  } catch {
    // No cause: its message may quote the data.
    throw new ProvisioningError(
      `The ${kind.words} ${kind.place} is not base64; give the VM ${kind.words} that is, or none`,
      { key: `${kind.key}_invalid`, exitCode: ExitCode.badData },
    );
  }
  if (bytes.length > MAX_USER_DATA_BYTES) throw tooLarge(kind);
  return bytes;
}

function tooLarge(
  { words, place, key }: Pick<DataKind, "words" | "place" | "key">,
): ProvisioningError {
  return new ProvisioningError(
    `The ${words} ${place} is over ${MAX_USER_DATA_BYTES} bytes; give the VM less, such as a script that fetches the rest`,
    { key: `${key}_too_large`, exitCode: ExitCode.badData },
  );
}
