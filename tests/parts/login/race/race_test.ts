import { assert, assertEquals } from "@std/assert";
import type { Account } from "../../../../lib/parts/login/account/accounts.ts";
import {
  type KeysMachine,
  writeAuthorizedKeys,
} from "../../../../lib/parts/login/keys/write_authorized_keys.ts";
import { ProvisioningError } from "../../../../lib/provisioning_error.ts";
import { C_OBSTACLE, compileC } from "../../../helpers/c_program.ts";
import { succeed } from "../../../helpers/command.ts";
import { recordingLog } from "../../../helpers/recording_log.ts";
import { RUNS_ALL } from "../../../helpers/runs_all.ts";
import { SSH_KEYS } from "../../../helpers/ssh_keys.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { mountNew } from "./_filesystem.ts";

const KEY = SSH_KEYS.ed25519!;
const UID = 1234;
const OTHER_UID = 1235;
const SECRET = "secret of another";

/** How often an attack is tried that is known to have worked, and all of them where all tests run. */
const MANY = 200;
const FEW = 20;

/** What a round may take, in milliseconds; a pipe that is opened takes for ever. */
const ROUND_MS = 10_000;

/** What is attacked. */
interface Place {
  readonly home: string;
  /** A folder of root's, such as one of scripts that root runs at each login. */
  readonly outside: string;
  readonly otherSsh: string;
}

/** One attack: what is in the home, and how the attacker changes it. */
interface Attack {
  readonly name: string;
  readonly arrange: (place: Place) => Promise<void>;
  readonly args: (place: Place) => readonly string[];
  /** Whether it has been seen to make a root of a user. */
  readonly isKnown?: boolean;
}

/** Puts something beside `.ssh`, to take its place. */
function swap(
  what: string,
  makeBait: (bait: string, place: Place) => Promise<unknown>,
): Attack[] {
  const arrange = async (place: Place) => {
    await makeSsh(place);
    await makeBait(`${place.home}/bait`, place);
  };
  return [
    {
      name: `puts ${what} in the place of .ssh at the first sign of root`,
      arrange,
      args: () => ["watch", "mine", "bait"],
    },
    {
      name: `swaps .ssh and ${what} all the time`,
      arrange,
      args: () => ["exchange", ".ssh", "bait"],
    },
  ];
}

/** The same beside `authorized_keys`. */
function swapFile(
  what: string,
  makeBait: (bait: string, place: Place) => Promise<unknown>,
): Attack {
  return {
    name: `swaps authorized_keys and ${what} all the time`,
    arrange: async (place) => {
      await makeSsh(place);
      await makeBait(`${place.home}/.ssh/bait`, place);
    },
    args: () => ["exchange", ".ssh/authorized_keys", ".ssh/bait"],
  };
}

const makePipe = (bait: string) => succeed("mkfifo", ["-m", "600", bait]);
const makeFolderWithPipe = async (bait: string) => {
  await Deno.mkdir(bait, { mode: 0o700 });
  await makePipe(`${bait}/authorized_keys`);
};

const ATTACKS: readonly Attack[] = [
  ...swap(
    "a link to a folder of root's",
    (bait, { outside }) => Deno.symlink(outside, bait),
  ).map((attack) => ({ ...attack, isKnown: true })),
  ...swap(
    "a link to another user's .ssh",
    (bait, { otherSsh }) => Deno.symlink(otherSsh, bait),
  ),
  ...swap("a file", (bait) => Deno.writeTextFile(bait, "")),
  ...swap("a pipe", makePipe),
  ...swap("an empty folder", (bait) => Deno.mkdir(bait, { mode: 0o700 })),
  ...swap("a folder with a pipe", makeFolderWithPipe),
  swapFile("a pipe", makePipe),
  swapFile("a folder with something in it", makeFolderWithPipe),
  swapFile(
    "a link to a secret",
    (bait, { otherSsh }) => Deno.symlink(`${otherSsh}/authorized_keys`, bait),
  ),
  {
    name: "makes and removes .ssh, and a link in its place",
    arrange: async () => {},
    args: ({ outside }) => ["recreate", outside],
  },
  ...["..", ".ssh"].map((name) => ({
    name: `lets everybody write ${name === ".." ? "its home" : name}, and not`,
    arrange: makeSsh,
    args: ({ home }: Place) => ["chmod", name === ".." ? home : name],
  })),
  {
    name: "holds a lease on authorized_keys",
    arrange: makeSsh,
    args: () => ["lease", ".ssh/authorized_keys"],
  },
];

async function makeSsh({ home }: Place): Promise<void> {
  await Deno.mkdir(`${home}/.ssh`, { mode: 0o700 });
  await Deno.writeTextFile(`${home}/.ssh/authorized_keys`, "# mine\n", {
    mode: 0o600,
  });
}

/** Every file below some folders, with all that an attack could change. */
async function inventory(...dirs: readonly string[]): Promise<string> {
  return await succeed("sh", [
    "-euc",
    'find "$@" -printf "%p %U:%G %m %s %i %n %T@ %C@ %l\\n"; find "$@" -type f -exec md5sum {} +',
    "inventory",
    ...dirs,
  ]);
}

const obstacle = Deno.uid() === 0 ? C_OBSTACLE : "they need root";
if (obstacle !== undefined) {
  console.error(`Races for .ssh are skipped: ${obstacle}`);
}

for (const type of ["ext4", "tmpfs"] as const) {
  for (const attack of ATTACKS) {
    Deno.test({
      name: `${type}: a user who ${attack.name} gains nothing`,
      ignore: obstacle !== undefined,
      fn: () => manyRounds(type, attack),
    });
  }
}

async function manyRounds(
  type: "ext4" | "tmpfs",
  attack: Attack,
): Promise<void> {
  await using programs = await tempDir();
  const program = `${programs.path}/attacker`;
  await compileC(
    new URL("attacker.c", import.meta.url).pathname,
    program,
  );
  await Deno.chmod(programs.path, 0o755);
  const mounted = await mountNew(type);
  if (typeof mounted === "string") {
    console.error(`Races for .ssh on ${type} are skipped: ${mounted}`);
    return;
  }
  await using fileSystem = mounted;
  const homesDir = `${fileSystem.path}/home`;
  const place: Place = {
    home: `${homesDir}/azure`,
    outside: `${fileSystem.path}/outside`,
    otherSsh: `${homesDir}/other/.ssh`,
  };
  await Deno.mkdir(homesDir);
  await Deno.mkdir(place.outside);
  await Deno.mkdir(`${fileSystem.path}/state`);
  await Deno.writeTextFile(`${place.outside}/script`, "#!/bin/sh\n");
  await Deno.mkdir(place.otherSsh, { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(`${place.otherSsh}/authorized_keys`, SECRET, {
    mode: 0o600,
  });
  await succeed("chown", [
    "-R",
    `${OTHER_UID}:${OTHER_UID}`,
    `${homesDir}/other`,
  ]);
  const machine = {
    homesDirs: [homesDir],
    stateDir: `${fileSystem.path}/state`,
    log: recordingLog(),
  };
  const before = await inventory(place.outside, `${homesDir}/other`);
  const outcomes = { written: 0, refused: 0 };
  const rounds = attack.isKnown || RUNS_ALL ? MANY : FEW;
  for (let round = 0; round < rounds; round++) {
    outcomes[await oneRound(program, attack, place, machine)]++;
    assertEquals(
      await inventory(place.outside, `${homesDir}/other`),
      before,
      `round ${round}`,
    );
    await Deno.remove(place.home, { recursive: true });
  }
  console.log(`${outcomes.written} written, ${outcomes.refused} refused`);
}

/** Throws if root was led astray, held up, or stopped by anything but the user's own home. */
async function oneRound(
  program: string,
  attack: Attack,
  place: Place,
  machine: KeysMachine,
): Promise<"written" | "refused"> {
  const { home } = place;
  await Deno.mkdir(home, { mode: 0o700 });
  await attack.arrange(place);
  await succeed("chown", ["-hR", `${UID}:${UID}`, home]);
  await using attacker = await start(program, [
    `${UID}`,
    home,
    ...attack.args(place),
  ]);
  const account: Account = {
    shell: "/bin/sh",
    name: "azure",
    password: "x",
    uid: UID,
    gid: UID,
    home,
  };
  const started = performance.now();
  let outcome: "written" | "refused" = "written";
  try {
    await writeAuthorizedKeys(account, [KEY], machine);
  } catch (error) {
    assert(error instanceof ProvisioningError, String(error));
    assertEquals(error.key, "authorized_keys_unsafe", error.message);
    outcome = "refused";
  }
  const tookMs = performance.now() - started;
  assert(tookMs < ROUND_MS, `${tookMs} ms`);
  await attacker.stop();
  const { uid } = await Deno.lstat(home);
  assertEquals(uid, UID);
  assertEquals(await namesIn(machine.stateDir), []);
  assertEquals((await namesIn(machine.homesDirs[0]!)).sort(), [
    "azure",
    "other",
  ]);
  assertEquals(
    await succeed("find", [
      home,
      "!",
      "-uid",
      `${UID}`,
      "-o",
      "-name",
      ".auth*.*",
    ]),
    "",
  );
  const { stdout } = await new Deno.Command("grep", {
    args: ["-rlF", "--devices=skip", SECRET, home],
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "");
  return outcome;
}

async function namesIn(dir: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name);
}

/** Starts the attacker, and waits until it is at work. */
async function start(
  program: string,
  args: readonly string[],
): Promise<AsyncDisposable & { stop(): Promise<void> }> {
  const process = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.getReader();
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    await reader.cancel();
    try {
      process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await process.status;
  };
  const { done } = await reader.read();
  if (done) {
    await stop();
    throw new Error("The attacker ended before it was ready");
  }
  return { stop, [Symbol.asyncDispose]: stop };
}
