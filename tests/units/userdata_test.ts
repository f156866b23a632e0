import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatMark } from "../../lib/state/mark.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { finish, type ProgramResult } from "../helpers/program.ts";
import {
  type Machine,
  type MachineOptions,
  machineTest,
  SCRIPTS,
  STATE,
  until,
  within,
} from "./_machine.ts";

const VM_ID = "11111111-aaaa-4aaa-8aaa-111111111111";
const OTHER_VM_ID = "22222222-bbbb-4bbb-8bbb-222222222222";
const CUSTOM = `${STATE}/customData`;
const USER = `${STATE}/userData`;
const MARK = `${STATE}/provisioned.json`;
const RESULT = `${STATE}/userdata.result`;

function markOf(vmId?: string): string {
  const rest = { at: "2026-01-02T03:04:05.678Z", version: "0.1.0" };
  return formatMark(vmId === undefined ? rest : { vmId, ...rest });
}

/** A machine that has its mark, but no data. */
function userDataTest(
  name: string,
  test: (machine: Machine) => Promise<void>,
  options?: MachineOptions,
): void {
  machineTest(`userdata: ${name}`, async (machine) => {
    await machine.put(MARK, markOf(VM_ID));
    await test(machine);
  }, options);
}

function runIt(
  machine: Machine,
  ...args: readonly string[]
): Promise<ProgramResult> {
  return machine.run(`${SCRIPTS}/userdata`, ...args);
}

/** What it has left of one of the two, parsed. */
async function resultOf(
  { read }: Machine,
  name: "customdata" | "userdata" = "userdata",
): Promise<Record<string, unknown>> {
  return JSON.parse(await read(`${STATE}/${name}.result`) || "{}");
}

/** A script that notes that it ran. */
function script(words: string, end = ""): string {
  return `#!/bin/sh\necho ${words} >>/ran\n${end}\n`;
}

userDataTest(
  "a script is run once in a VM, and its outcome is left without its words",
  async (machine) => {
    await machine.put(
      USER,
      script("x", "echo secret; echo secret2 >&2; exit 7"),
    );
    await Deno.chmod(`${machine.root}${USER}`, 0o600);
    const first = await runIt(machine);
    assertEquals([first.code, first.stderr], [7, "secret2\n"]);
    assertStringIncludes(first.stdout, "secret\n");
    assertStringIncludes(first.stdout, "ended with exit status 7 after ");
    const { vmId, outcome, exitStatus, seconds, startedAt } = await resultOf(
      machine,
    );
    assertEquals([vmId, outcome, exitStatus], [VM_ID, "ended", 7]);
    assert(typeof seconds === "number" && seconds < 60);
    assert(!Number.isNaN(Date.parse(String(startedAt))));
    const left = await machine.read(RESULT);
    assertEquals(left.includes("secret"), false);
    // The data stays as it came, and is no program.
    const { mode } = await Deno.stat(`${machine.root}${USER}`);
    assertEquals(mode! & 0o777, 0o600);
    const names = ["provisioned.json", "userData", "userdata.result"];
    assertEquals(await machine.names(STATE), names);

    assertEquals(await runIt(machine), { code: 0, stdout: "", stderr: "" });
    assertEquals(await machine.read("/ran"), "x\n");
    assertEquals(await machine.read(RESULT), left);

    // In another VM it is another's.
    await machine.put(MARK, markOf(OTHER_VM_ID));
    assertEquals((await runIt(machine)).code, 7);
    assertEquals(await machine.read("/ran"), "x\nx\n");
    assertEquals((await resultOf(machine))["vmId"], OTHER_VM_ID);
  },
);

/** Runs that start nothing. */
const IDLE_RUNS: readonly {
  readonly name: string;
  readonly data?: string;
  /** The text of the mark, or none. */
  readonly mark?: string;
  readonly outcome?: string;
  readonly said: string;
}[] = [
  { name: "without data", said: "" },
  {
    name: "without a mark",
    data: script("x"),
    mark: "",
    said: "Not running the DATA: this VM has no mark with its ID\n",
  },
  {
    name: "with a mark that has no id",
    data: script("x"),
    mark: markOf(),
    said: "Not running the DATA: this VM has no mark with its ID\n",
  },
  ...["", "\n#!/bin/sh\n", "#cloud-config\n", ` ${script("x")}`, "\0#!/"].map(
    (data) => ({
      name: `with what is no script, ${JSON.stringify(data)}`,
      data,
      outcome: "not a script",
      said: "Not running the DATA: it does not start with #!\n",
    }),
  ),
  {
    name: "with more than 64 KiB",
    data: script("x", "exit").padEnd(65537, "#"),
    said: "Not running the DATA: it has over 65536 bytes\n",
  },
];

for (
  const [path, words, name] of [
    [USER, "user data", "userdata"],
    [CUSTOM, "custom data", "customdata"],
  ] as const
) {
  for (const { name: what, data, mark, outcome, said } of IDLE_RUNS) {
    userDataTest(`${what} the ${words} is not run`, async (machine) => {
      if (data !== undefined) await machine.put(path, data);
      if (mark !== undefined) await machine.put(MARK, mark);
      assertEquals(await runIt(machine), {
        code: 0,
        stdout: said.replace("DATA", words),
        stderr: "",
      });
      assertEquals((await resultOf(machine, name))["outcome"], outcome);
      assertEquals(await machine.has("/ran"), false);
    });
  }
}

userDataTest("a script of 64 KiB is run", async (machine) => {
  await machine.put(USER, script("x", "exit").padEnd(65536, "#"));
  assertEquals((await runIt(machine)).code, 0);
  assertEquals(await machine.read("/ran"), "x\n");
});

userDataTest(
  "a script that hangs is ended at the limit, with all that it has started, and the outcome says so",
  async (machine) => {
    await machine.put(
      USER,
      "#!/bin/sh\ntrap '' TERM\n(trap '' TERM; sleep 1000) &\nwait\nsleep 1000; sleep 1000\n",
    );
    const { code, stdout } = await within(
      30_000,
      () => runIt(machine, "--limit", "1"),
    );
    assertEquals(code, 124, stdout);
    assertStringIncludes(stdout, "Ended the user data after ");
    const { outcome, seconds, exitStatus } = await resultOf(machine);
    assertEquals([outcome, exitStatus], ["timed out", undefined]);
    assert(Number(seconds) >= 1);
    await machine.idle();
    assertEquals((await runIt(machine, "--limit", "1")).stdout, "");
  },
  { numbers: { grace: 1 } },
);

userDataTest(
  "stopped while the script runs, it ends that, and does not run it again",
  async (machine) => {
    await machine.put(USER, script("x", "exec sleep 1000"));
    const process = machine.start(`${SCRIPTS}/userdata`);
    await until(() => machine.has("/ran"));
    assertEquals((await resultOf(machine))["outcome"], "running");
    const { code } = await within(1_000, () => {
      process.kill("SIGTERM");
      return finish(process);
    });
    assertEquals(code, 143);
    assertEquals((await resultOf(machine))["outcome"], "interrupted");
    await machine.idle();
    assertEquals((await runIt(machine)).stdout, "");
    assertEquals(await machine.read("/ran"), "x\n");
  },
);

userDataTest(
  "after a power cut in its midst it is not run again, and said to be interrupted",
  async (machine) => {
    await machine.put(USER, script("x"));
    const cut = {
      vmId: VM_ID,
      bootId: "00000000-0000-4000-8000-000000000000",
      startedAt: "2026-01-02T03:04:05Z",
      outcome: "running",
    };
    await machine.put(RESULT, JSON.stringify(cut, null, 2) + "\n");
    const { code, stdout } = await runIt(machine);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "interrupted during an earlier boot");
    const { outcome, startedAt } = await resultOf(machine);
    assertEquals([outcome, startedAt], ["interrupted", cut.startedAt]);
    assertEquals(await machine.has("/ran"), false);
  },
);

userDataTest(
  "where the outcome cannot be written, nothing is run",
  async (machine) => {
    await machine.put(USER, script("x"));
    await machine.put(`${RESULT}.new/x`, "");
    assertEquals((await runIt(machine)).code, 73);
    assertEquals(await machine.has("/ran"), false);
    assertEquals(await machine.has(`${STATE}/.userdata.run`), false);
  },
);

userDataTest(
  "custom data is run before user data, each once, and each has an outcome of its own",
  async (machine) => {
    await machine.put(CUSTOM, script("custom", "exit 3"));
    await machine.put(USER, script("user", "exit 4"));
    // The first that failed.
    assertEquals((await runIt(machine)).code, 3);
    assertEquals(await machine.read("/ran"), "custom\nuser\n");
    const custom = await resultOf(machine, "customdata");
    assertEquals([custom["outcome"], custom["exitStatus"]], ["ended", 3]);
    assertEquals((await resultOf(machine))["exitStatus"], 4);
    assertEquals((await runIt(machine)).stdout, "");
    assertEquals(await machine.names(STATE), [
      "customData",
      "customdata.result",
      "provisioned.json",
      "userData",
      "userdata.result",
    ]);

    // User data that comes later, in the same VM, is not held up by that.
    await machine.remove(RESULT);
    assertEquals((await runIt(machine)).code, 4);
    assertEquals(await machine.read("/ran"), "custom\nuser\nuser\n");
  },
);

userDataTest(
  "custom data that hangs is ended at the limit, and user data has one of its own",
  async (machine) => {
    await machine.put(CUSTOM, "#!/bin/sh\nexec sleep 1000\n");
    await machine.put(USER, script("user"));
    const { code, stdout } = await runIt(machine, "--limit", "2");
    assertEquals(code, 124);
    assertStringIncludes(stdout, "Ended the custom data after ");
    const { outcome } = await resultOf(machine, "customdata");
    assertEquals(
      [outcome, (await resultOf(machine))["outcome"]],
      ["timed out", "ended"],
    );
    assertEquals(await machine.read("/ran"), "user\n");
  },
  { numbers: { grace: 1 } },
);

/** What a file may be in place of itself; the path is outside of the machine's root. */
const IN_PLACE: Readonly<Record<string, (path: string) => Promise<void>>> = {
  "a pipe": async (path) => {
    await Deno.remove(path);
    await makePipe(path);
  },
  "a link to an endless device": async (path) => {
    await Deno.remove(path);
    await Deno.symlink("/dev/zero", path);
  },
  "a link to a file": async (path) => {
    await Deno.rename(path, `${path}.moved`);
    await Deno.symlink(`${path.replace(/^.*\//, "")}.moved`, path);
  },
  "an endless file": (path) => Deno.truncate(path, 2 ** 42),
};

for (const [what, put] of Object.entries(IN_PLACE)) {
  for (const path of [USER, MARK]) {
    userDataTest(
      `${what} in place of ${path} is neither waited for nor run`,
      async (machine) => {
        await machine.put(USER, script("x"));
        await put(`${machine.root}${path}`);
        const { code } = await within(10_000, () => runIt(machine));
        assertEquals(code, 0);
        // An endless mark begins with the real one.
        const runs = what === "an endless file" && path === MARK;
        assertEquals(await machine.has("/ran"), runs);
      },
    );
  }
}

userDataTest(
  "an outcome that is a pipe or a link is replaced, and not waited for",
  async (machine) => {
    await machine.put(USER, script("x"));
    await makePipe(`${machine.root}${RESULT}`);
    assertEquals((await runIt(machine)).code, 0);
    assertEquals(await machine.read("/ran"), "x\n");
    await machine.put("/elsewhere", "mine");
    await machine.remove(RESULT);
    await Deno.symlink("/elsewhere", `${machine.root}${RESULT}`);
    await Deno.symlink("/elsewhere", `${machine.root}${RESULT}.new`);
    assertEquals((await runIt(machine)).code, 0);
    assertEquals((await resultOf(machine))["outcome"], "ended");
    assertEquals(await machine.read("/elsewhere"), "mine");
  },
);

userDataTest("a limit that is none is wrong usage", async (machine) => {
  for (
    const args of [["--limit"], ["--limit", "0"], ["--limit", "1s"], ["x"]]
  ) {
    assertEquals((await runIt(machine, ...args)).code, 64, args.join(" "));
  }
});
