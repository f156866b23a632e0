import type { PlatformState } from "./api.ts";
import { instanceMetadata } from "./metadata.ts";

const SEQUENCE = 0x30;
const SET = 0x31;
const EXPLICIT_0 = 0xA0;
const OCTET_STRING = 0x04;

/** The version of a CMS message without signers. */
const VERSION_1 = Uint8Array.of(0x02, 0x01, 0x01);

/** 1.2.840.113549.1.7.1 and .2: data and signedData of PKCS #7. */
const DATA = oid(1);
const SIGNED_DATA = oid(2);

const VALID_MS = 6 * 60 * 60 * 1000;

/**
 * The attested document: what Azure says of the VM, as PKCS #7. Nobody but Azure can sign it,
 * so this one has no signature: whoever verifies it must refuse it.
 *
 * The members are those of "Azure Instance Metadata Service" in Microsoft's documentation.
 */
export function attestedDocument(
  state: PlatformState,
  { version, nonce }: { version: string; nonce: string | undefined },
): unknown {
  const compute = instanceMetadata(state, version)["compute"] as Readonly<
    Record<string, unknown>
  >;
  const now = new Date();
  const document = {
    ...(version >= "2020-09-01" && { licenseType: compute["licenseType"] }),
    nonce: nonce ?? timestampNonce(now),
    plan: compute["plan"],
    ...(version >= "2019-11-01" && { sku: compute["sku"] }),
    ...(version >= "2019-04-30" && {
      subscriptionId: compute["subscriptionId"],
    }),
    timeStamp: {
      createdOn: formatTime(now),
      expiresOn: formatTime(new Date(now.getTime() + VALID_MS)),
    },
    vmId: state.vmId,
  };
  const content = new TextEncoder().encode(JSON.stringify(document));
  return { encoding: "pkcs7", signature: toBase64(unsigned(content)) };
}

/** `20201130-211924` */
function timestampNonce(time: Date): string {
  const digits = time.toISOString().replace(/\D/g, "");
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}`;
}

/** `11/30/20 21:19:19 -0000` */
function formatTime(time: Date): string {
  const [, year, month, day, clock] = /^\d\d(\d\d)-(\d\d)-(\d\d)T([\d:]{8})/
    .exec(time.toISOString()) ?? [];
  return `${month}/${day}/${year} ${clock} -0000`;
}

/** A message of PKCS #7 with a content, and without certificates and signers. */
function unsigned(content: Uint8Array): Uint8Array {
  const data = der(
    SEQUENCE,
    DATA,
    der(EXPLICIT_0, der(OCTET_STRING, content)),
  );
  return der(
    SEQUENCE,
    SIGNED_DATA,
    der(EXPLICIT_0, der(SEQUENCE, VERSION_1, der(SET), data, der(SET))),
  );
}

/** A value of DER: its tag, its length, and what it holds. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Uint8Array.of(
    tag,
    ...lengthOf(length),
    ...parts.flatMap((part) => [...part]),
  );
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xFF];
}

function oid(last: number): Uint8Array {
  const pkcs7 = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07];
  return Uint8Array.of(0x06, 9, ...pkcs7, last);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
