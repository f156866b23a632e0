import { assertEquals, assertThrows } from "@std/assert";
import {
  lockHome,
  unlockLeftHome,
} from "../../../../lib/parts/login/home/home_lock.ts";
import { namesIn } from "../../../helpers/names_in.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";

const UID = 1234;
const ignore = Deno.uid() !== 0;
if (ignore) console.error("Tests of left homes are skipped: they need root");

/** A home with a `.ssh`, on a made-up machine. */
async function makeHome(sshOwner: number) {
  const dir = await tempDir();
  const homesDir = `${dir.path}/home`;
  const home = `${homesDir}/azure`;
  const stateDir = `${dir.path}/state`;
  await Deno.mkdir(`${home}/.ssh`, { recursive: true });
  await Deno.chmod(homesDir, 0o755);
  await Deno.chmod(home, 0o755);
  await Deno.chmod(`${home}/.ssh`, 0o755);
  await Deno.chown(home, UID, UID);
  await Deno.chown(`${home}/.ssh`, sshOwner, sshOwner);
  const log = recordingLog();
  const account = { name: "azure", password: "x", uid: UID, gid: UID, home };
  return {
    home,
    stateDir,
    account,
    machine: { homesDirs: [homesDir], stateDir, log },
    log,
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}

function ownerOf(path: string): string {
  const { uid, gid } = Deno.lstatSync(path);
  return `${uid}:${gid}`;
}

for (const sshOwner of [UID, 0]) {
  Deno.test({
    name:
      `unlockLeftHome() leaves a .ssh with the owner that it had, ${sshOwner}`,
    ignore,
    fn: async () => {
      await using made = await makeHome(sshOwner);
      const { home, account, machine, stateDir } = made;
      // A run that is killed disposes of nothing.
      lockHome(home, account, machine).lockFolder();
      assertEquals(ownerOf(home), `0:${UID}`);
      unlockLeftHome(machine);
      assertEquals(ownerOf(home), `${UID}:${UID}`);
      assertEquals(ownerOf(`${home}/.ssh`), `${sshOwner}:${sshOwner}`);
      assertEquals(await namesIn(stateDir), []);
    },
  });
}

Deno.test({
  name:
    "unlockLeftHome() leaves another folder in a home's place alone, and warns that root owns it",
  ignore,
  fn: async () => {
    await using made = await makeHome(UID);
    const { home, account, machine, stateDir, log } = made;
    lockHome(home, account, machine).lockFolder();
    // As if the files of an image were copied to another disk.
    await Deno.rename(home, `${home}.old`);
    await Deno.mkdir(home, { mode: 0o755 });
    unlockLeftHome(machine);
    assertEquals(ownerOf(home), "0:0");
    assertEquals(log.lines, [
      `warn: "${home}" belongs to root, but is not the folder that an interrupted run left locked; give it to user ${UID} if it is that user's home`,
    ]);
    assertEquals(await namesIn(stateDir), []);
  },
});

Deno.test({
  name:
    "unlockLeftHome() does not give the user a folder of root's that was put in the place of .ssh",
  ignore,
  fn: async () => {
    await using made = await makeHome(UID);
    const { home, account, machine } = made;
    const lock = lockHome(home, account, machine);
    // As a user who is quick enough can do.
    await Deno.rename(`${home}/.ssh`, `${home}/old`);
    await Deno.mkdir(`${home}/.ssh`);
    await Deno.writeTextFile(`${home}/.ssh/secret`, "");
    assertThrows(
      () => lock.lockFolder(),
      Error,
      "it was replaced in the meantime",
    );
    unlockLeftHome(machine);
    assertEquals(ownerOf(home), `${UID}:${UID}`);
    assertEquals(ownerOf(`${home}/.ssh`), "0:0");
  },
});

for (const hasMore of [false, true]) {
  Deno.test({
    name: `unlockLeftHome() gives the user a .ssh that was made, ${
      hasMore ? "unless it has more than keys" : "with its keys"
    }`,
    ignore,
    fn: async () => {
      await using made = await makeHome(UID);
      const { home, account, machine } = made;
      await Deno.remove(`${home}/.ssh`);
      const lock = lockHome(home, account, machine);
      await Deno.mkdir(`${home}/.ssh`);
      await Deno.writeTextFile(lock.temporary, "");
      if (hasMore) await Deno.writeTextFile(`${home}/.ssh/secret`, "");
      unlockLeftHome(machine);
      assertEquals(ownerOf(home), `${UID}:${UID}`);
      assertEquals(
        [ownerOf(`${home}/.ssh`), ...await namesIn(`${home}/.ssh`)],
        hasMore ? ["0:0", ...await namesIn(`${home}/.ssh`)] : [`${UID}:${UID}`],
      );
    },
  });
}

Deno.test("unlockLeftHome() removes what is not a record, and warns that a home may be locked", async () => {
  await using dir = await tempDir();
  const path = `${dir.path}/locked-home.json`;
  const log = recordingLog();
  for (const text of ["", "{}", '{"home":"/home/azure","ino":1}']) {
    await Deno.writeTextFile(path, text);
    unlockLeftHome({ homesDirs: ["/home"], stateDir: dir.path, log });
  }
  assertEquals(await namesIn(dir.path), []);
  assertEquals(
    log.lines,
    Array(3).fill(
      `warn: Removed "${path}", which is not a record of a home; if a home belongs to root, give it back to its user`,
    ),
  );
});
