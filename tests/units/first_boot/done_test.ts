import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { PROGRAM, STATE, until, UUID, UUID_FILE, within } from "../_machine.ts";
import {
  boot,
  firstBootTest,
  FLAG,
  LOG,
  MEDIA,
  NEXT_BOOT,
  RAN,
  STARTED,
  USER_DATA,
  USER_DATA_ENABLED,
  USER_DATA_LOG,
} from "./_first_boot.ts";

firstBootTest(
  "after success the log has the lines, and later boots of this VM start nothing",
  async (machine) => {
    await machine.put(
      PROGRAM,
      "#!/bin/sh\necho Retrieving >&2; printf 'Response: 200 OK' >&2\n",
    );
    assertEquals((await boot(machine)).code, 0);
    const log = await machine.read(LOG);
    assertMatch(log, /^\S+Z Retrieving\n\S+Z Response: 200 OK\n$/);
    assertStringIncludes(
      await machine.read("/dev/console"),
      "azure-provisioning: Retrieving\n",
    );
    await machine.put(MEDIA, "#!/bin/sh\necho media\n");
    assertEquals((await boot(machine)).code, 0);
    // It would wait in steps of a second.
    await within(900, () => boot(machine, "--wait", "30"));
    assertEquals(await machine.read(LOG), log);
  },
);

firstBootTest(
  "with --wait it ends with the program, and does not look for its end in steps",
  async (machine) => {
    await machine.put(
      "/usr/local/bin/sleep",
      '#!/bin/sh\necho "$1" >>/slept\nexec /bin/sleep "$@"\n',
    );
    await machine.put(PROGRAM, "#!/bin/sh\n/bin/sleep 2\n");
    assertEquals((await boot(machine, "--wait", "30")).code, 0);
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
    await machine.idle();
    const slept = (await machine.read("/slept")).trim().split("\n");
    assertEquals(slept.includes("30"), true, slept.join());
    assertEquals(slept.includes("1"), false, slept.join());
  },
  // Busybox's shell sleeps by itself.
  { only: "dash" },
);

firstBootTest(
  "with --wait it leaves a program that takes longer in the background",
  async (machine) => {
    await machine.put(PROGRAM, "#!/bin/sh\n/bin/sleep 6\n");
    await within(5_500, () => boot(machine, "--wait", "1"));
    assertEquals(await machine.read(FLAG), "");
    await machine.idle();
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
  },
);

firstBootTest(
  "a VM that was made from the disk of one that is done provisions, and is done then",
  async (machine) => {
    await machine.put(PROGRAM, RAN);
    const other = "4c4c4544-0042-3510-8052-b4c04f4d3233";
    for (const [uuid, ran] of [[UUID, 1], [other, 2], [other, 2]] as const) {
      await machine.put(UUID_FILE, `${uuid}\n`);
      assertEquals((await boot(machine)).code, 0);
      assertEquals(await machine.read(FLAG), `${uuid}\n`);
      assertEquals(await machine.read("/ran"), "ran\n".repeat(ran));
    }
  },
);

firstBootTest(
  "after a power cut before success is recorded, or a failure, the next boot runs the program once more, and records it",
  async (machine) => {
    await machine.put(PROGRAM, RAN);
    await machine.put(`${STATE}/.boot-done.new`, UUID.slice(0, 9));
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
    assertEquals(await machine.names(STATE), ["boot-done"]);
    await boot(machine);
    assertEquals(await machine.read("/ran"), "ran\n");
  },
);

firstBootTest(
  "a machine without a UUID runs the program at every boot, and says why",
  async (machine) => {
    await machine.put(PROGRAM, RAN);
    await machine.remove(UUID_FILE);
    for (const ran of ["ran\n", "ran\nran\n"]) {
      await machine.remove(LOG);
      assertEquals((await boot(machine)).code, 0);
      assertEquals(await machine.read("/ran"), ran);
      const log = await machine.read(LOG);
      assertEquals(log.match(/by a UUID of its own/g)?.length, 1);
    }
    assertEquals(await machine.has(STATE), false);
  },
);

firstBootTest(
  "what was enabled on the running machine waits for its next boot",
  async (machine) => {
    await machine.put(
      NEXT_BOOT,
      await Deno.readTextFile("/proc/sys/kernel/random/boot_id"),
    );
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(LOG), "");

    await machine.put(NEXT_BOOT, "another boot\n");
    assertEquals((await boot(machine)).code, 0);
    assertStringIncludes(await machine.read(LOG), "started");
  },
);

firstBootTest(
  "it runs the user data after success, if that is enabled, and does not wait for it",
  async (machine) => {
    await machine.put(
      USER_DATA,
      "#!/bin/sh\necho begin\nwhile [ ! -e /go ]; do sleep 0.1; done\necho end >&2\n",
    );
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.has(USER_DATA_LOG), false);

    await machine.put(USER_DATA_ENABLED, "");
    await machine.remove(FLAG);
    await machine.put(PROGRAM, "#!/bin/sh\nexit 75\n");
    assertEquals((await boot(machine)).code, 75);
    assertEquals(await machine.has(USER_DATA_LOG), false);

    await machine.put(PROGRAM, STARTED);
    assertEquals((await boot(machine)).code, 0);
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
    await until(async () => await machine.read(USER_DATA_LOG) === "begin\n");
    await machine.put("/go", "");
    await until(async () =>
      await machine.read(USER_DATA_LOG) === "begin\nend\n"
    );
    const { mode } = await Deno.stat(`${machine.root}${USER_DATA_LOG}`);
    assertEquals(mode! & 0o777, 0o600);
  },
);

firstBootTest(
  "what the program leaves running does not keep success from being recorded",
  async (machine) => {
    await machine.put(PROGRAM, "#!/bin/sh\nsleep 30 &\n");
    await within(10_000, () => boot(machine));
    assertEquals(await machine.read(FLAG), `${UUID}\n`);
  },
);
