import { assertEquals, assertStringIncludes } from "@std/assert";
import { makePipe } from "../../helpers/make_pipe.ts";
import { type Machine, PROGRAM, until, UUID, within } from "../_machine.ts";
import {
  ANYWHERE,
  boot,
  firstBootTest,
  FLAG,
  LOG,
  TAG,
  USER_DATA,
  USER_DATA_ENABLED,
  USER_DATA_LOG,
} from "./_first_boot.ts";

/** Makes something block whoever writes to it; gives the process that goes on, if one does. */
const BLOCKING: Readonly<
  Record<string, (machine: Machine) => Promise<number | undefined>>
> = {
  // As a serial line does whose other end says stop.
  "a console": async ({ root, remove }) => {
    await remove("/dev/console");
    await makePipe(`${root}/dev/console`);
    return undefined;
  },
  // A daemon that hangs: its socket fills up.
  "a syslog": async ({ start, run, has }) => {
    const daemon = start("syslogd", "-n", "-O", "/dev/null");
    await until(() => has("/dev/log"));
    daemon.kill("SIGSTOP");
    await run("sh", "-c", "while timeout 1 logger x; do :; done");
    daemon.unref();
    await daemon.stdin.close();
    await daemon.stdout.cancel();
    await daemon.stderr.cancel();
    return daemon.pid;
  },
};

for (const [what, block] of Object.entries(BLOCKING)) {
  firstBootTest(
    `${what} that blocks holds up no boot: the log has every line, and success and user data do not wait`,
    async (machine) => {
      const daemon = await block(machine);
      await machine.put(
        PROGRAM,
        "#!/bin/sh\nfor n in 1 2 3 4 5; do echo line $n >&2; done\n",
      );
      await machine.put(USER_DATA_ENABLED, "");
      await machine.put(USER_DATA, "#!/bin/sh\necho ran\n");
      const { code } = await within(10_000, () => boot(machine));
      assertEquals(code, 0);
      const log = await machine.read(LOG);
      assertEquals(log.match(/line \d/g)?.length, 5, log);
      assertEquals(await machine.read(FLAG), `${UUID}\n`);
      await until(async () => await machine.read(USER_DATA_LOG) === "ran\n");
      await machine.idle(daemon);
    },
  );

  firstBootTest(
    `${what} that blocks holds up no boot that fails, or that is not Azure's`,
    async (machine) => {
      const daemon = await block(machine);
      await machine.put(PROGRAM, "#!/bin/sh\nexit 69\n");
      await within(10_000, async () => {
        assertEquals((await boot(machine)).code, 69);
        await machine.remove(ANYWHERE);
        await machine.put(TAG, "another\n");
        assertEquals((await boot(machine, "--wait", "60")).code, 0);
      });
      assertStringIncludes(await machine.read(LOG), "This is not Azure");
      await machine.idle(daemon);
    },
  );
}

/** What may be in a log's place, or wrong with its folder; a path in the machine's root. */
const UNSAFE_LOGS: Readonly<
  Record<string, (log: string, root: string) => Promise<void>>
> = {
  "a link to a file": async (log, root) => {
    await Deno.writeTextFile(`${root}/elsewhere`, "mine\n");
    await Deno.symlink("/elsewhere", `${root}${log}`);
  },
  "a link that leads nowhere": (log, root) =>
    Deno.symlink("/elsewhere", `${root}${log}`),
  "a file with another name": async (log, root) => {
    await Deno.writeTextFile(`${root}/elsewhere`, "mine\n");
    await Deno.link(`${root}/elsewhere`, `${root}${log}`);
  },
  "a pipe": (log, root) => makePipe(`${root}${log}`),
  "a file in a folder that a group may write": async (log, root) => {
    await Deno.writeTextFile(`${root}${log}`, "mine\n");
    await Deno.chmod(`${root}/var/log`, 0o775);
  },
  "nothing yet, in a folder that everybody may write": (_log, root) =>
    Deno.chmod(`${root}/var/log`, 0o1777),
};

for (const [what, put] of Object.entries(UNSAFE_LOGS)) {
  firstBootTest(
    `${what} in a log's place is left alone, and the console says so`,
    async (machine) => {
      const { root } = machine;
      await machine.put(USER_DATA_ENABLED, "");
      await machine.put(
        USER_DATA,
        "#!/bin/sh\necho secret\n: >/userdata-ran\n",
      );
      for (const log of [LOG, USER_DATA_LOG]) {
        await put(log, root);
        const before = await snapshot(machine, log);
        assertEquals((await boot(machine)).code, 0);
        await until(() => machine.has("/userdata-ran"));
        await machine.idle();
        const said = await machine.read("/dev/console");
        assertStringIncludes(said, "azure-provisioning: started\n");
        const unsafe = said.split("\n").filter((line) =>
          line.includes("others than root can write to ") && line.includes(log)
        );
        assertEquals(unsafe.length, 1, said);
        assertEquals(await snapshot(machine, log), before);
        // For the other log.
        await machine.remove(FLAG, "/elsewhere", "/userdata-ran", "/var/log");
        await Deno.mkdir(`${root}/var/log`);
        await Deno.chmod(`${root}/var/log`, 0o755);
        await machine.put("/dev/console", "");
      }
    },
  );
}

/** What is in a log's place, and in the file elsewhere that it may lead to. */
async function snapshot({ root, read }: Machine, log: string) {
  const { isFile, isSymlink, size, ino } = await Deno.lstat(`${root}${log}`)
    .catch(() => ({ isFile: false, isSymlink: false, size: 0, ino: 0 }));
  return { isFile, isSymlink, size, ino, elsewhere: await read("/elsewhere") };
}
