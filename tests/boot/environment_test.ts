import { assertEquals } from "@std/assert";
import { isThere } from "../../lib/files/is_there.ts";
import { plantCode, PLANTED_SIGN } from "../helpers/planted_code.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { type Machine, makeImage } from "./_image.ts";
import { markOf } from "./_mark_of.ts";
import { INIT_RECIPES } from "./_recipes.ts";

const VM = {
  vmId: "88888888-aaaa-4aaa-8aaa-888888888888",
  computerName: "odd-environment",
};

/** Each would end the program or its script, run other code, write a file, or end the wait. */
const ENVIRONMENT = {
  TMPDIR: "/planted/folder/..",
  SSLKEYLOGFILE: "/written",
  DENO_TOKIO_EVENT_INTERVAL: "none",
  DENO_LOG: "trace",
  ["OPENSSL_ia32cap"]: "none",
  LD_AUDIT: "/missing.so",
  IFS: "/",
  once: "/planted/folder",
  stopped: "yes",
};

/** systemd has an environment of its own for what it starts; the other inits pass theirs on. */
const RECIPES = INIT_RECIPES.filter(({ name }) =>
  ["systemd-bookworm", "busybox"].includes(name)
);

for (const recipe of RECIPES) {
  bootTest(
    `${recipe.name}: whatever the init's environment holds, the first boot reports Ready, and runs no code but its own`,
    async () => {
      await using image = await makeImage(recipe);
      await using machine = await image.makeMachine();
      const { tree } = machine;
      await machine.makeWritable();
      await Deno.mkdir(`${tree}/planted/folder`, { recursive: true });
      await plantCode(`${tree}/planted`);
      if (recipe.init === "systemd") await configureManager(machine);
      const view = await withBoot(
        machine,
        { platform: VM, environment: ENVIRONMENT },
        async (boot) => {
          await boot.until(
            "the program is done",
            async () =>
              await markOf(tree) !== undefined && !boot.programRuns() &&
              (recipe.init !== "systemd" || boot.unitIsDone()),
            BOOT_MS,
          );
          await boot.powerOff();
          return await boot.platform!.stop();
        },
      );
      assertEquals(view.ready.length, 1, view.lines.join("\n"));
      for (const path of [PLANTED_SIGN, "/written"]) {
        assertEquals(isThere(tree + path), false, path);
      }
    },
  );
}

async function configureManager({ tree }: Machine): Promise<void> {
  const words = Object.entries(ENVIRONMENT).map(([name, value]) =>
    `"${name}=${value}"`
  );
  const folder = `${tree}/etc/systemd/system.conf.d`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/environment.conf`,
    `[Manager]\nDefaultEnvironment=${words.join(" ")}\n`,
  );
}
