import { HOSTILE } from "./_hostile.ts";
import { ROOMS } from "./_rooms.ts";

for (const [room, check] of Object.entries(ROOMS)) {
  Deno.test(`hostile input does no harm to ${room}`, () => {
    for (const [name, make] of HOSTILE) {
      try {
        check(make());
      } catch (error) {
        throw new Error(`It does, as ${name}`, { cause: error });
      }
    }
  });
}
