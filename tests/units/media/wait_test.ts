import { assertEquals, assertStringIncludes } from "@std/assert";
import { until, within } from "../_machine.ts";
import {
  COPY,
  DRIVE,
  driveTest,
  FOLDER,
  LEFT_OUT,
  mediaTest,
  runIt,
} from "./_media.ts";

driveTest("a medium that comes late is waited for", async (machine, medium) => {
  const running = runIt(machine, "--wait", "30");
  await until(() => machine.has(`${FOLDER}/media`));
  await medium("<a/>");
  assertEquals((await running).code, 0);
  assertEquals(await machine.read(COPY), "<a/>");
});

driveTest(
  "a medium that cannot be mounted is said to be so, after a bounded wait",
  async (machine, medium) => {
    const { image } = await medium("<a/>");
    await Deno.writeFile(image, new Uint8Array(16 * 1024 * 1024));
    const { code, stdout } = await runIt(machine, "--wait", "1");
    assertEquals(code, 0);
    assertStringIncludes(
      stdout,
      `No provisioning media: nothing in ${DRIVE} after 1 s: `,
    );
    assertEquals(await machine.names(FOLDER), []);
  },
);

mediaTest(
  "without a drive it waits for a while, says so, and is content; the copy of an earlier boot goes",
  async (machine) => {
    await machine.put(DRIVE, "no drive");
    await machine.run("sh", "-c", `mkdir ${FOLDER}; echo old >${COPY}`);
    const start = Date.now();
    assertEquals(await within(10_000, () => runIt(machine, "--wait", "2")), {
      code: 0,
      stdout: "No provisioning media: no optical drive after 2 s\n",
      stderr: "",
    });
    assertEquals(Date.now() - start > 900, true);
    assertEquals(await machine.has(COPY), false);
  },
);

mediaTest(
  "an image that is not to read the media says so, at once",
  async (machine) => {
    await machine.put(LEFT_OUT, "");
    await machine.run("sh", "-c", `mkdir ${FOLDER}; echo old >${COPY}`);
    const { code, stdout } = await within(
      10_000,
      () => runIt(machine, "--wait", "100"),
    );
    assertEquals([code, stdout], [
      0,
      `Not reading the provisioning media, because ${LEFT_OUT} exists\n`,
    ]);
    assertEquals(await machine.has(COPY), false);
  },
);

mediaTest("a wait that is none is wrong usage", async (machine) => {
  for (
    const args of [
      ["--wait"],
      ["--wait", "1s"],
      ["--longest"],
      ["--longest", ""],
      ["--wait", "1", "--longest", "-1"],
      ["x"],
    ]
  ) {
    assertEquals((await runIt(machine, ...args)).code, 64, args.join(" "));
  }
});
