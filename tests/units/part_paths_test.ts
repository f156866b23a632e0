import { assert } from "@std/assert";
import { PARTS } from "../../lib/parts/parts.ts";
import { ROOT } from "../helpers/program.ts";

Deno.test("the unit's sandbox lets every part write its paths", async () => {
  const unit = await Deno.readTextFile(
    `${ROOT}units/systemd/azure-provisioning.service`,
  );
  const writable = [...unit.matchAll(/^ReadWritePaths=(.+)$/gm)]
    .flatMap(([, paths]) => paths!.split(" "))
    .map((path) => path.replace(/^-/, ""));
  for (const { name, paths } of PARTS) {
    for (const path of paths) {
      assert(
        writable.some((it) => path === it || path.startsWith(`${it}/`)),
        `${name}: ${path}`,
      );
    }
  }
});
