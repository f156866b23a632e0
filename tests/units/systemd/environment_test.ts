import { assertEquals } from "@std/assert";
import { UNWANTED_VARIABLES } from "../../helpers/environment.ts";
import { UNITS } from "./_units.ts";

for (const path of UNITS) {
  Deno.test(`${path.replace(/.*\//, "")} takes away every variable that changes what it starts, whatever the manager has`, async () => {
    const text = await Deno.readTextFile(path);
    const names = [...text.matchAll(/^UnsetEnvironment=(.*)$/gm)]
      .flatMap(([, names]) => names!.split(" "));
    // What it sets itself counts whatever systemd's manager has; unset, it would be gone again.
    const set = [...text.matchAll(/^Environment=(\w+)=/gm)]
      .map(([, name]) => name!);
    assertEquals(names.filter((it) => set.includes(it)), []);
    assertEquals(
      names.toSorted(),
      UNWANTED_VARIABLES.filter((it) => !set.includes(it)).toSorted(),
    );
  });
}
