import { assertEquals } from "@std/assert";
import { succeed } from "../../helpers/command.ts";
import {
  assertLogsIn,
  loginTest,
  mustRun,
  runWith,
  USER,
} from "./_login_case.ts";

for (const programs of ["shadow", "busybox"] as const) {
  loginTest(
    "what is cut off anywhere is completed by the next run",
    programs,
    async (machine) => {
      for (let ms = 60; ms < 700; ms += 40) {
        await runWith(
          machine,
          `timeout -s KILL ${ms / 1000} "$0" user || :; timeout -s KILL ${
            ms / 1000
          } "$0" ssh-keys || :`,
        );
      }
      await mustRun(machine, '"$0" user; "$0" ssh-keys');
      await assertLogsIn(machine);
      const names = await Array.fromAsync(Deno.readDir(`${machine.tree}/home`));
      assertEquals(names.map((it) => it.name), [USER]);
    },
  );

  loginTest(
    "what useradd or adduser was cut off from is completed",
    programs,
    async (machine) => {
      const { tree } = machine;
      await mustRun(machine, '"$0" user; "$0" ssh-keys');
      const shadow = await Deno.readTextFile(`${tree}/etc/shadow`);
      for (const line of ["azure:!:1:0:99999:7:::\n", ""]) {
        await Deno.writeTextFile(
          `${tree}/etc/shadow`,
          shadow.replace(/^azure:.*\n/m, line),
        );
        await succeed("rm", ["-r", `${tree}/home/azure`]);
        await Deno.mkdir(`${tree}/home/azure`, { mode: 0 });
        await mustRun(machine, '"$0" user; "$0" ssh-keys');
        await assertLogsIn(machine);
      }
    },
  );

  loginTest(
    "what a program that was cut off left beside the accounts keeps no user from being made",
    programs,
    async (machine) => {
      const left = programs === "busybox"
        ? ["passwd+", "group+", "shadow+"]
        : ["passwd.lock", "group.lock", "shadow.lock", "subuid.lock"];
      for (const name of left) {
        // The process 1 is there, and no program that changes accounts.
        const text = name.startsWith("group") ? "1" : "";
        await Deno.writeTextFile(`${machine.tree}/etc/${name}`, text);
      }
      await mustRun(machine, '"$0" user; "$0" ssh-keys');
      await assertLogsIn(machine);
      const there = await Array.fromAsync(Deno.readDir(`${machine.tree}/etc`));
      assertEquals(
        there.map((it) => it.name).filter((it) => left.includes(it)),
        [],
      );
    },
  );
}
