import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ResponseError } from "../../../lib/http/response_reader.ts";
import { bytesOf, read } from "./_read.ts";

/** By what it is: an answer, how the message about it reads, and whether it is cut short. */
export type Rejected = Readonly<
  Record<
    string,
    readonly [text: string, message: RegExp, ended?: "truncated"]
  >
>;

/**
 * Registers a test for each answer that is to be rejected.
 *
 * @param rejected The answers.
 */
export function testRejected(rejected: Rejected): void {
  for (const [what, [text, message, ended]] of Object.entries(rejected)) {
    Deno.test(`createResponseReader() rejects ${what}`, () => {
      const error = assertThrows(() => read([bytesOf(text)]), ResponseError);
      assertMatch(error.message, message);
      assertEquals(error.truncated, ended === "truncated");
      assert(error.message.length < 250, "it quotes too much");
    });
  }
}
