import { assert, assertEquals } from "@std/assert";
import { statusFailure } from "../../lib/http/failure.ts";
import { type HttpResponse, responseText } from "../../lib/http/message.ts";
import {
  createResponseReader,
  ResponseError,
} from "../../lib/http/response_reader.ts";
import { attempt } from "./_attempt.ts";
import {
  type ModelLimits,
  type ModelResult,
  readAtOnce,
} from "./_http_model.ts";
import { checkMessage } from "./_printable.ts";

/** The limits that the program reads with. */
export const USUAL_LIMITS: ModelLimits = {
  maxBodyBytes: 1024 * 1024,
  maxHeadBytes: 65_536,
};

/**
 * Reads bytes as a response, and checks what comes of it: the same as the model's,
 * however the bytes are cut.
 *
 * @param bytes Any bytes.
 * @param sizes How large the pieces are, in turns.
 * @returns What the bytes are.
 */
export function checkResponse(
  bytes: Uint8Array,
  sizes: readonly number[] = [16_384],
  limits: ModelLimits = USUAL_LIMITS,
): ModelResult {
  const expected = readAtOnce(latin1(bytes), limits);
  for (const pieceSizes of [[bytes.length], sizes]) {
    const outcome = attempt(
      () => read(bytes, pieceSizes, limits),
      ResponseError,
    );
    const { body, ...result } = resultOf(outcome);
    const { body: expectedBody, ...expectedResult } = { body: "", ...expected };
    assertEquals(result, expectedResult);
    assert(body === expectedBody, "the body is another");
    if (outcome.ok) checkUse(outcome.value, limits);
    else checkMessage(outcome.error.message);
  }
  return expected;
}

/** What the program does with a response: it reads the body, or describes the failure. */
function checkUse(response: HttpResponse, limits: ModelLimits): void {
  assert(
    response.body.buffer.byteLength <= limits.maxBodyBytes,
    "more is held than the limit allows",
  );
  const decoded = attempt(() => responseText(response), TypeError);
  if (decoded.ok) {
    assertEquals(
      latin1(new TextEncoder().encode(decoded.value)),
      latin1(response.body),
    );
  }
  const failure = attempt(() => statusFailure(response));
  assert(failure.ok);
  checkMessage(failure.value.message);
}

function read(
  bytes: Uint8Array,
  sizes: readonly number[],
  limits: ModelLimits,
): HttpResponse {
  const reader = createResponseReader(limits);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    // The program reads into one buffer again and again.
    const piece = bytes.slice(at, at + size);
    const response = reader.push(piece);
    piece.fill(0);
    if (response !== undefined) return response;
    at += size;
  }
  return reader.end();
}

function resultOf(outcome: ReturnType<typeof attempt<HttpResponse>>) {
  if (!outcome.ok) {
    const { truncated } = outcome.error as ResponseError;
    return { kind: truncated ? "truncated" : "refused", body: "" };
  }
  const { status, reason, headers, body } = outcome.value;
  return {
    kind: "response",
    status,
    reason,
    headers: Object.assign(Object.create(null), Object.fromEntries(headers)),
    body: latin1(body),
  };
}

/**
 * Makes a text of bytes, each a character.
 *
 * @returns The text.
 */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    // Spreading the bytes would take ten times as long.
    text += Reflect.apply(
      String.fromCharCode,
      undefined,
      bytes.subarray(at, at + 8192),
    );
  }
  return text;
}

/**
 * Makes bytes of a text, of each character one.
 *
 * @returns The bytes.
 */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
