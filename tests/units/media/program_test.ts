import { assert, assertEquals, assertMatch } from "@std/assert";
import { finish } from "../../helpers/program.ts";
import { until, within } from "../_machine.ts";
import {
  COPY,
  driveTest,
  FOLDER,
  LEFT_OUT,
  MEDIA,
  mediaTest,
  runIt,
} from "./_media.ts";

driveTest(
  "the program may wait until it has ended: with a copy, without, or told to end",
  async (machine, medium) => {
    const awaited = () => machine.has(`${FOLDER}/media-awaited`);
    const running = machine.start(MEDIA, "--wait", "60");
    await until(awaited);
    running.kill("SIGTERM");
    await finish(running);
    await machine.idle();
    assertEquals(await awaited(), false, "told to end");
    await machine.put(LEFT_OUT, "");
    await machine.run("touch", `${FOLDER}/media-awaited`);
    await runIt(machine);
    assertEquals(await awaited(), false, "not to read the media");
    await machine.remove(LEFT_OUT);
    await medium("<a/>");
    const late = machine.start(MEDIA, "--wait", "60");
    // The copy is there before the mark goes.
    await until(() => machine.has(COPY));
    await finish(late);
    assertEquals(await machine.names(FOLDER), ["ovf-env.xml"]);
  },
);

mediaTest(
  "its time counts from when the program has begun, or from the longest that it may take to",
  async (machine) => {
    const began = performance.now();
    await runIt(machine, "--wait", "1", "--longest", "3");
    assert(performance.now() - began > 1_500, "it has not waited");
    const running = machine.start(MEDIA, "--wait", "1", "--longest", "60");
    await until(() => machine.has(`${FOLDER}/media-awaited`));
    // The program takes an empty one for a script that has not begun.
    await until(async () =>
      await machine.read(`${FOLDER}/media-awaited`) === "looking\n"
    );
    await within(10_000, async () => {
      await machine.run("touch", `${FOLDER}/began`);
      await finish(running);
    });
  },
);

mediaTest(
  "it ends at once if the program wants the media no more",
  async (machine) => {
    const running = machine.start(MEDIA, "--wait", "60");
    await until(() => machine.has(`${FOLDER}/media`));
    await within(2_000, async () => {
      await machine.run("touch", `${FOLDER}/media-unwanted`);
      await finish(running);
    });
    assertEquals(await machine.names(FOLDER), ["media-unwanted"]);
  },
);

for (const runOnDisk of [undefined, true] as const) {
  mediaTest(
    `it looks for nothing, and tells nobody to wait, if nobody wants the media when it begins, ${
      runOnDisk ? "also where /run is on a disk" : "where /run is in memory"
    }`,
    async (machine) => {
      const unwanted = `${FOLDER}/media-unwanted`;
      await machine.run("sh", "-c", `mkdir ${FOLDER}; : >${unwanted}`);
      const { code, stdout } = await within(
        2_000,
        () => runIt(machine, "--wait", "60"),
      );
      assertEquals(code, 0);
      assertMatch(stdout, /^Not looking for the provisioning media: no drive /);
      assertEquals(await machine.names(FOLDER), ["media-unwanted"]);
    },
    runOnDisk && { runOnDisk },
  );
}

driveTest(
  "it leaves no copy if the program wants the media no more while it copies them",
  async (machine, medium) => {
    await machine.put(
      "/usr/local/bin/mv",
      `#!/bin/sh\n: >${FOLDER}/media-unwanted\nexec /bin/mv "$@"\n`,
    );
    await medium("<secret/>");
    await runIt(machine);
    assertEquals(await machine.names(FOLDER), ["media-unwanted"]);
  },
  { only: "dash" },
);
