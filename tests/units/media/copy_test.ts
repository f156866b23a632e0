import { assertEquals, assertStringIncludes } from "@std/assert";
import { COPY, DRIVE, driveTest, FOLDER, KIND, runIt } from "./_media.ts";

driveTest(
  "ovf-env.xml is copied for root alone, and nothing stays mounted",
  async (machine, medium) => {
    await medium(async (folder) => {
      await Deno.writeTextFile(`${folder}/ovf-env.xml`, "<secret/>");
      await Deno.chmod(`${folder}/ovf-env.xml`, 0o444);
      await Deno.writeTextFile(`${folder}/other`, "other");
    });
    assertEquals(await runIt(machine), {
      code: 0,
      stdout:
        `Copied ovf-env.xml from the provisioning media in ${DRIVE}, ${KIND}\n`,
      stderr: "",
    });
    assertEquals(await machine.read(COPY), "<secret/>");
    assertEquals(await machine.names(FOLDER), ["ovf-env.xml"]);
    for (const [path, mode] of [[FOLDER, 0o700], [COPY, 0o600]] as const) {
      const info = await Deno.stat(machine.root + path);
      assertEquals([info.mode! & 0o777, info.uid], [mode, 0], path);
    }
  },
);

driveTest(
  "where /run is on a disk, the copy is in memory all the same",
  async (machine, medium) => {
    await medium("<secret/>");
    assertEquals((await runIt(machine)).code, 0);
    assertEquals(await machine.read(COPY), "<secret/>");
    // Busybox's timeout leaves a process for up to a second, which holds a file there.
    const { stdout } = await machine.run(
      "sh",
      "-c",
      `grep -c '^none ${FOLDER} tmpfs ' /proc/mounts
      for _ in 1 2 3 4 5 6 7 8; do ! umount ${FOLDER} || break; sleep 0.5; done`,
    );
    assertEquals(stdout, "1\n");
    assertEquals(await machine.names(FOLDER), []);
  },
  { runOnDisk: true },
);

driveTest("the largest that is copied is 1 MiB", async (machine, medium) => {
  await medium("x".repeat(1048576));
  assertEquals((await runIt(machine)).code, 0);
  assertEquals((await machine.read(COPY)).length, 1048576);
});

driveTest(
  "busybox mounts where there is no mount, and without either that is said",
  async (machine, medium) => {
    await medium("<a/>");
    await machine.remove("/bin/mount", "/bin/umount", "/bin/busybox");
    const { code, stdout } = await runIt(machine, "--wait", "0");
    assertEquals([code, stdout], [
      0,
      "Not reading the provisioning media: mount is not installed\n",
    ]);
    await machine.run("ln", "-s", "/tools/busybox", "/bin/busybox");
    assertStringIncludes((await runIt(machine)).stdout, "Copied ovf-env.xml");
    assertEquals(await machine.read(COPY), "<a/>");
  },
  { only: "dash" },
);

/** Media that give no copy. */
const POOR_MEDIA: Readonly<
  Record<
    string,
    { words: string; furnish: (folder: string) => Promise<void> }
  >
> = {
  "an empty medium": {
    words: "has no ovf-env.xml",
    furnish: () => Promise.resolve(),
  },
  "a link": {
    words: "has no ovf-env.xml",
    furnish: (folder) => Deno.symlink("/etc/shadow", `${folder}/ovf-env.xml`),
  },
  "a folder": {
    words: "has no ovf-env.xml",
    furnish: (folder) => Deno.mkdir(`${folder}/ovf-env.xml`),
  },
  "a file that is too large": {
    words: "has over 1048576 bytes",
    furnish: (folder) =>
      Deno.writeFile(`${folder}/ovf-env.xml`, new Uint8Array(1048577)),
  },
};

for (const [what, { words, furnish }] of Object.entries(POOR_MEDIA)) {
  driveTest(`${what} gives no copy`, async (machine, medium) => {
    await medium(furnish);
    const { code, stdout, stderr } = await runIt(machine, "--wait", "0");
    assertEquals([code, stderr, stdout.split("\n").length], [0, "", 2], stdout);
    assertStringIncludes(stdout, words);
    assertEquals(await machine.names(FOLDER), []);
  });
}
