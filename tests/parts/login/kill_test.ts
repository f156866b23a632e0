import { assert, assertEquals } from "@std/assert";
import { type CommandResult, run, succeed } from "../../helpers/command.ts";
import { missingProgram } from "../../helpers/missing_program.ts";
import { SSH_KEYS } from "../../helpers/ssh_keys.ts";
import { pool } from "../../helpers/pool.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const KEY = SSH_KEYS.ed25519!;
const UID = 1234;
const TEMPORARY = ".authorized_keys.00000000-0000-4000-8000-000000000000";
const CHILD = new URL("_write_keys.ts", import.meta.url).pathname;

/** What changes something; the rest cannot leave anything behind. */
const CALLS = [
  "mkdir",
  "chown",
  "fchownat",
  "openat",
  "write",
  "fsync",
  "rename",
  "unlink",
  "chmod",
  "fchmod",
];

const obstacle = Deno.uid() !== 0
  ? "they need root"
  : missingProgram(["strace"]) === undefined
  ? undefined
  : 'they need the program "strace"';
if (obstacle !== undefined) {
  console.error(`Tests that kill a run for keys are skipped: ${obstacle}`);
}

for (
  const [what, arrange, kept] of [
    ["with a .ssh", makeSsh, "# mine\n"],
    ["without a .ssh", () => {}, ""],
  ] as const
) {
  Deno.test({
    name:
      `a run for a home ${what} that is killed before any of its changes: the next one finishes it, and nothing is lost`,
    ignore: obstacle !== undefined,
    fn: () => killEverywhere(arrange, kept),
  });
}

async function killEverywhere(
  arrange: (home: string) => Promise<void> | void,
  kept: string,
): Promise<void> {
  const states = new Set<string>();
  const killAtEach = async (call: string) => {
    for (let nth = 1;; nth++) {
      await using temp = await tempDir();
      const dir = temp.path;
      const home = `${dir}/home/azure`;
      await Deno.mkdir(home, { recursive: true });
      await Deno.mkdir(`${dir}/state`);
      await Deno.chmod(home, 0o751);
      await arrange(home);
      await succeed("chown", ["-R", `${UID}:${UID}`, home]);
      const own = await ownFiles(home);
      const killed = await writeKeys(dir, [
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        ...paths(dir).flatMap((path) => ["-P", path]),
        "-e",
        `trace=${call}`,
        "-e",
        `inject=${call}:signal=SIGKILL:when=${nth}`,
      ]);
      if (killed.code === 0) break;
      assertEquals(killed.code, 137, killed.stderr);
      states.add(await stateOf(dir));
      const { code, stderr } = await writeKeys(dir);
      const where = `killed before ${call} ${nth}: ${stderr}`;
      assertEquals(code, 0, where);
      assertEquals(await ownFiles(home), own, where);
      assertEquals(
        await Deno.readTextFile(`${home}/.ssh/authorized_keys`),
        `${kept}${KEY}\n`,
        where,
      );
      assertEquals(
        await stateOf(dir),
        [
          `azure ${UID}:${UID} 751`,
          `azure/.ssh ${UID}:${UID} 700`,
          `azure/.ssh/authorized_keys ${UID}:${UID} 600`,
          "",
        ].join("\n"),
        where,
      );
    }
  };
  await Promise.all(
    pool(CALLS.map((call) => () => killAtEach(call)), 3).map((it) => it()),
  );
  console.log(`${states.size} states`);
  // Some of them have a home that is locked, which the test is about.
  assert([...states].some((it) => /^azure 0:/m.test(it)));
  assert([...states].some((it) => it.includes(TEMPORARY)));
}

async function makeSsh(home: string): Promise<void> {
  await Deno.mkdir(`${home}/.ssh`, { mode: 0o700 });
  for (const [name, text] of [["authorized_keys", "# mine\n"], ["id", "x"]]) {
    await Deno.writeTextFile(`${home}/.ssh/${name}`, text!, { mode: 0o600 });
  }
}

async function writeKeys(
  dir: string,
  tracer: readonly string[] = [],
): Promise<CommandResult> {
  const [program, ...args] = [
    ...tracer,
    Deno.execPath(),
    "run",
    "--no-config",
    "--no-check",
    "--allow-all",
    CHILD,
    dir,
    `${UID}`,
    KEY,
  ];
  return await run(program!, args);
}

function paths(dir: string): string[] {
  const home = `${dir}/home/azure`;
  return [
    ...["", "/.ssh", "/.ssh/authorized_keys", `/.ssh/${TEMPORARY}`]
      .map((path) => `${home}${path}`),
    ...["", "/locked-home.json", "/.locked-home.json.azure-provisioning"]
      .map((path) => `${dir}/state${path}`),
  ];
}

/** The files that are the user's own business. */
async function ownFiles(home: string): Promise<string> {
  return await succeed("find", [
    home,
    "-type",
    "f",
    "!",
    "-name",
    "*authorized_keys*",
    "-printf",
    "%P %U:%G %m %s %i %T@\\n",
  ]);
}

/** Who owns what, and what there is beside it. */
async function stateOf(dir: string): Promise<string> {
  const found = await succeed("find", [
    `${dir}/home`,
    `${dir}/state`,
    "-mindepth",
    "1",
    "!",
    "-name",
    "id",
    "-printf",
    "%P %U:%G %m\\n",
  ]);
  return found.split("\n").sort().join("\n").trimStart() + "\n";
}
