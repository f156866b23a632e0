import { assertEquals, assertNotMatch } from "@std/assert";
import { inspect } from "node:util";
import { Secret } from "../lib/secret.ts";

Deno.test("a Secret gives its text to who asks for it, and is not printed", () => {
  const secret = new Secret("hunter2");
  assertEquals(secret.reveal(), "hunter2");
  const holder = { a: [secret] };
  for (
    const text of [
      `${secret}`,
      String(secret),
      "" + secret,
      JSON.stringify(holder),
      Deno.inspect(holder, { showHidden: true } as Deno.InspectOptions),
      inspect(holder, { showHidden: true, depth: 9 }),
      Object.entries(secret).join(),
      Reflect.ownKeys(secret).join(),
      JSON.stringify({ ...secret }),
      new Error(`a ${secret}`, { cause: secret }).stack!,
    ]
  ) assertNotMatch(text, /hunter2/);
});
