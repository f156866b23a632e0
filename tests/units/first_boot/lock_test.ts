import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makePipe } from "../../helpers/make_pipe.ts";
import { PROGRAM, STATE, until, UUID, within } from "../_machine.ts";
import {
  boot,
  FIRST_BOOT,
  firstBootTest,
  FLAG,
  LOCK,
  LOG,
  NEXT_BOOT,
  USER_DATA_ENABLED,
  USER_DATA_LOG,
} from "./_first_boot.ts";

firstBootTest(
  "with --wait no boot waits longer than that, and the work goes on",
  async (machine) => {
    await machine.put(
      PROGRAM,
      "#!/bin/sh\nwhile [ ! -e /go ]; do sleep 0.1; done; echo end >&2\n",
    );
    await within(8_000, () => boot(machine, "--wait", "1"));
    assertEquals(await machine.read(FLAG), "");
    await machine.put("/go", "");
    await until(async () => await machine.read(FLAG) === `${UUID}\n`);
    assertStringIncludes(await machine.read(LOG), " end\n");

    await machine.remove(FLAG);
    await within(20_000, () => boot(machine, "--wait", "60"));
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
  },
);

firstBootTest(
  "where another one is at work it leaves it alone",
  async (machine) => {
    await machine.put(
      PROGRAM,
      "#!/bin/sh\necho started >&2; while [ ! -e /go ]; do sleep 0.1; done\n",
    );
    const first = boot(machine);
    await until(async () => (await machine.read(LOG)).includes("started"));
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(FLAG), "");
    await machine.put("/go", "");
    assertEquals((await first).code, 0);
  },
);

for (
  const [of, words] of [
    ["an earlier boot", " 11111111-2222-4333-8444-555555555555"],
    ["an earlier version", ""],
  ] as const
) {
  firstBootTest(
    `a lock of ${of} does not count, though this very script has its process id by now`,
    async (machine) => {
      for (const args of [[], ["--wait", "30"]]) {
        const { code } = await machine.run(
          "sh",
          "-euc",
          `mkdir ${LOCK}\necho "$$${words}" >${LOCK}/pid\nexec "$@"`,
          "sh",
          FIRST_BOOT,
          ...args,
        );
        assertEquals(code, 0);
        assertEquals(await machine.read(FLAG), `${UUID}\n`);
        assertEquals(await machine.names("/run"), []);
        await machine.remove(FLAG);
      }
    },
  );
}

firstBootTest(
  "a lock's folder that others may write to is no place for its pipes",
  async (machine) => {
    await machine.put(`${LOCK}/x`, "");
    await machine.remove(`${LOCK}/x`);
    await Deno.chmod(`${machine.root}${LOCK}`, 0o777);
    const { mtime } = await Deno.stat(`${machine.root}${LOCK}`);
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(LOG), "started\n");
    assertEquals((await Deno.stat(`${machine.root}${LOCK}`)).mtime, mtime);
  },
);

firstBootTest(
  "whatever the init's umask, nobody else can write to what it makes",
  async (machine) => {
    await machine.put(
      PROGRAM,
      `#!/bin/sh\nls -ld ${LOCK} >/seen; umask >>/seen\n`,
    );
    await machine.put(USER_DATA_ENABLED, "");
    const { code } = await machine.run(
      "sh",
      "-c",
      `umask 0; exec ${FIRST_BOOT}`,
    );
    assertEquals(code, 0);
    assertMatch(await machine.read("/seen"), /^drwx.-..-. [^]*\n0?022\n$/);
    for (const path of [LOG, USER_DATA_LOG, STATE, FLAG]) {
      const { mode } = await Deno.stat(`${machine.root}${path}`);
      assertEquals(mode! & 0o022, 0, path);
    }
  },
);

/** What a reader may wait for without an end. */
const ENDLESS: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "a pipe": makePipe,
  "a link to an endless device": (path) => Deno.symlink("/dev/zero", path),
  "an endless file": async (path) => {
    await Deno.writeTextFile(path, "");
    await Deno.truncate(path, 2 ** 42);
  },
};

for (const [what, put] of Object.entries(ENDLESS)) {
  firstBootTest(
    `${what} in the place of what it reads in /run holds up no boot`,
    async (machine) => {
      await machine.put(`${LOCK}/x`, "");
      await put(`${machine.root}${LOCK}/pid`);
      await put(`${machine.root}${NEXT_BOOT}`);
      await within(10_000, () => boot(machine));
      assertStringIncludes(await machine.read(LOG), " started\n");
    },
  );
}
