import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { formatMark } from "../../lib/state/mark.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { namesIn } from "../helpers/names_in.ts";
import { finish, type ProgramResult, ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { SHELLS } from "../install/_shells.ts";

const VM_ID = "11111111-aaaa-4aaa-8aaa-111111111111";

/** A machine made up for units/common/userdata: its state directory is a folder of the test. */
interface Machine {
  readonly dir: string;
  /** Gives the VM user data. */
  data(text: string | Uint8Array): Promise<void>;
  /** Marks the machine as provisioned. */
  mark(vmId?: string): Promise<void>;
  /** Starts the script. */
  start(...args: readonly string[]): Deno.ChildProcess;
  /** Runs the script to its end. */
  run(...args: readonly string[]): Promise<ProgramResult>;
  /** What it has left, parsed; `undefined` if nothing. */
  result(): Promise<Record<string, unknown> | undefined>;
  /** Reads a file of the machine; empty where there is none. */
  read(name: string): Promise<string>;
}

function userDataTest(
  name: string,
  test: (machine: Machine) => Promise<void>,
): void {
  for (const { name: shell, command } of SHELLS) {
    Deno.test(`userdata under ${shell}: ${name}`, async () => {
      await using temp = await tempDir();
      const dir = temp.path;
      const script = `${dir}/program/userdata`;
      await Deno.mkdir(`${dir}/program`);
      await Deno.mkdir(`${dir}/state`);
      await Deno.writeTextFile(
        script,
        madeUp(
          await Deno.readTextFile(`${ROOT}units/common/userdata`),
          dir,
          command,
        ),
      );
      await Deno.chmod(script, 0o755);
      const start = (...args: readonly string[]) =>
        new Deno.Command(script, {
          args: [...args],
          stdin: "piped",
          stdout: "piped",
          stderr: "piped",
        }).spawn();
      await test({
        dir,
        data: (text) =>
          Deno.writeFile(
            `${dir}/state/userData`,
            typeof text === "string" ? new TextEncoder().encode(text) : text,
            { mode: 0o600 },
          ),
        mark: (vmId = VM_ID) =>
          Deno.writeTextFile(
            `${dir}/state/provisioned.json`,
            formatMark({
              ...(vmId === "" ? {} : { vmId }),
              at: "2026-01-02T03:04:05.678Z",
              version: "0.1.0",
            }),
          ),
        start,
        run: (...args) => finish(start(...args)),
        async result() {
          const text = await Deno.readTextFile(`${dir}/state/userdata.result`)
            .catch(() => undefined);
          return text === undefined ? undefined : JSON.parse(text);
        },
        read: (file) => Deno.readTextFile(`${dir}/${file}`).catch(() => ""),
      });
    });
  }
}

function madeUp(script: string, dir: string, shell: readonly string[]): string {
  for (
    const [from, to] of [
      ["#!/bin/sh\n", `#!/usr/bin/env -S ${shell.join(" ")}\n`],
      ["state=/var/lib/azure-provisioning", `state=${dir}/state`],
      ["grace=10\n", "grace=1\n"],
    ] as const
  ) {
    assertStringIncludes(script, from);
    script = script.replaceAll(from, to);
  }
  return script;
}

userDataTest(
  "a script is run once in a VM, and its outcome is left without its words",
  async ({ dir, data, mark, run, result, read }) => {
    await data(
      `#!/bin/sh\necho secret; echo secret2 >&2; id -u >>${dir}/ran; exit 7\n`,
    );
    await mark();
    const first = await run();
    assertEquals(first.code, 7);
    assertStringIncludes(first.stdout, "secret\n");
    assertEquals(first.stderr, "secret2\n");
    assertStringIncludes(first.stdout, "ended with the exit status 7, after ");
    const outcome = await result();
    const { vmId, outcome: kind, exitStatus } = outcome!;
    assertEquals({ vmId, kind, exitStatus }, {
      vmId: VM_ID,
      kind: "ended",
      exitStatus: 7,
    });
    assert(typeof outcome!.seconds === "number" && outcome!.seconds < 60);
    assert(!Number.isNaN(Date.parse(String(outcome!.startedAt))));
    assertEquals(
      (await read("state/userdata.result")).includes("secret"),
      false,
    );
    // The data stay as they came, and are no program.
    const { mode } = await Deno.stat(`${dir}/state/userData`);
    assertEquals(mode! & 0o777, 0o600);
    assertEquals(await namesIn(`${dir}/state`), [
      "provisioned.json",
      "userData",
      "userdata.result",
    ]);

    const second = await run();
    assertEquals(second, { code: 0, stdout: "", stderr: "" });
    assertEquals((await read("ran")).split("\n").length, 2);
    assertEquals(await result(), outcome);
  },
);

userDataTest(
  "in another VM the same data are run again",
  async ({ dir, data, mark, run, result, read }) => {
    await data(`#!/bin/sh\necho x >>${dir}/ran\n`);
    await mark();
    assertEquals((await run()).code, 0);
    await mark("22222222-bbbb-4bbb-8bbb-222222222222");
    assertEquals((await run()).code, 0);
    assertEquals(await read("ran"), "x\nx\n");
    assertEquals(
      (await result())!.vmId,
      "22222222-bbbb-4bbb-8bbb-222222222222",
    );
  },
);

userDataTest(
  "what is not provisioned, or not by its id, runs nothing; nor does a VM without user data",
  async ({ dir, data, mark, run, result, read }) => {
    await mark();
    assertEquals(await run(), { code: 0, stdout: "", stderr: "" });
    await Deno.remove(`${dir}/state/provisioned.json`);
    await data(`#!/bin/sh\necho x >>${dir}/ran\n`);
    assertEquals((await run()).code, 0);
    await mark("");
    assertEquals((await run()).code, 0);
    assertEquals([await read("ran"), await result()], ["", undefined]);
  },
);

userDataTest(
  "what does not start with #! is not run, and said to be no script",
  async ({ dir, data, mark, run, result, read }) => {
    await mark();
    for (
      const text of [
        "",
        "\n#!/bin/sh\n",
        "#cloud-config\n",
        ` #!/bin/sh\necho x >>${dir}/ran\n`,
        new Uint8Array([0, 0x23, 0x21, 0x2f]),
      ]
    ) {
      await data(text);
      await Deno.remove(`${dir}/state/userdata.result`).catch(() => {});
      assertEquals((await run()).code, 0);
      assertEquals((await result())!.outcome, "not a script");
    }
    assertEquals(await read("ran"), "");
  },
);

userDataTest(
  "a script that hangs is ended at the limit, with all that it has started, and the outcome says so",
  async ({ dir, data, mark, run, result, read }) => {
    await data(
      `#!/bin/sh\ntrap '' TERM\n(trap '' TERM; sleep 1000) & echo $! $$ >${dir}/pids\nwait\nsleep 1000; sleep 1000\n`,
    );
    await mark();
    const start = Date.now();
    const { code, stdout } = await run("--limit", "1");
    assertEquals(code, 124, stdout);
    assert(Date.now() - start < 30_000);
    const { outcome, seconds, exitStatus } = (await result())!;
    assertEquals([outcome, exitStatus], ["timed out", undefined]);
    assert(Number(seconds) >= 1);
    assertStringIncludes(stdout, "were ended after ");
    const pids = (await read("pids")).trim().split(" ");
    assertEquals(pids.length, 2);
    for (const pid of pids) assertEquals(await runs(pid), false, pid);
    assertEquals((await run("--limit", "1")).stdout, "");
  },
);

userDataTest(
  "stopped while the script runs, it ends that, and does not run it again",
  async ({ dir, data, mark, start, run, result, read }) => {
    await data(`#!/bin/sh\necho $$ >>${dir}/pids\nexec sleep 1000\n`);
    await mark();
    const process = start();
    while (await read("pids") === "") await sleep(20);
    assertEquals((await result())!.outcome, "running");
    const at = Date.now();
    process.kill("SIGTERM");
    assertEquals((await finish(process)).code, 143);
    assert(Date.now() - at < 1_000, `it took ${Date.now() - at} ms`);
    assertEquals((await result())!.outcome, "interrupted");
    await waitUntilGone((await read("pids")).trim());
    assertEquals((await run()).stdout, "");
    assertEquals((await read("pids")).split("\n").length, 2);
  },
);

userDataTest(
  "after a power cut in its midst it is not run again, and said to be interrupted",
  async ({ dir, data, mark, run, result, read }) => {
    await data(`#!/bin/sh\necho x >>${dir}/ran\n`);
    await mark();
    const cut = {
      vmId: VM_ID,
      bootId: "00000000-0000-4000-8000-000000000000",
      startedAt: "2026-01-02T03:04:05Z",
      outcome: "running",
    };
    await Deno.writeTextFile(
      `${dir}/state/userdata.result`,
      JSON.stringify(cut, null, 2) + "\n",
    );
    const { code, stdout } = await run();
    assertEquals(code, 0);
    assertStringIncludes(stdout, "interrupted at an earlier boot");
    const { outcome, startedAt } = (await result())!;
    assertEquals([outcome, startedAt], ["interrupted", cut.startedAt]);
    assertEquals(await read("ran"), "");
  },
);

userDataTest(
  "where the outcome cannot be written, nothing is run",
  async ({ dir, data, mark, run, read }) => {
    await data(`#!/bin/sh\necho x >>${dir}/ran\n`);
    await mark();
    await Deno.mkdir(`${dir}/state/userdata.result.new`);
    assertEquals((await run()).code, 73);
    assertEquals(await read("ran"), "");
    assertEquals(
      (await namesIn(`${dir}/state`)).includes(".userdata.run"),
      false,
    );
  },
);

userDataTest(
  "custom data are run before user data, each once, and each has an outcome of its own",
  async ({ dir, data, mark, run, result, read }) => {
    const custom = `${dir}/state/customData`;
    await Deno.writeTextFile(
      custom,
      `#!/bin/sh\necho custom >>${dir}/ran; exit 3\n`,
    );
    await data(`#!/bin/sh\necho user >>${dir}/ran; exit 4\n`);
    await mark();
    // The first that failed.
    assertEquals((await run()).code, 3);
    assertEquals(await read("ran"), "custom\nuser\n");
    const customResult = JSON.parse(await read("state/customdata.result"));
    assertEquals([customResult.outcome, customResult.exitStatus], ["ended", 3]);
    assertEquals((await result())!.exitStatus, 4);
    assertEquals((await run()).stdout, "");
    assertEquals(await read("ran"), "custom\nuser\n");
    assertEquals(await namesIn(`${dir}/state`), [
      "customData",
      "customdata.result",
      "provisioned.json",
      "userData",
      "userdata.result",
    ]);

    // User data that come later, in the same VM, are not held up by that.
    await Deno.remove(`${dir}/state/userdata.result`);
    assertEquals((await run()).code, 4);
    assertEquals(await read("ran"), "custom\nuser\nuser\n");
  },
);

userDataTest(
  "custom data that hang are ended at the limit, and user data have one of their own",
  async ({ dir, data, mark, run, result, read }) => {
    await Deno.writeTextFile(
      `${dir}/state/customData`,
      "#!/bin/sh\nexec sleep 1000\n",
    );
    await data(`#!/bin/sh\necho user >>${dir}/ran\n`);
    await mark();
    const { code, stdout } = await run("--limit", "2");
    assertEquals(code, 124);
    assertStringIncludes(stdout, "The custom data were ended after ");
    const { outcome } = JSON.parse(await read("state/customdata.result"));
    assertEquals([outcome, (await result())!.outcome], ["timed out", "ended"]);
    assertEquals(await read("ran"), "user\n");
  },
);

userDataTest(
  "custom data of a VM that has no user data are run, and those that are no script are not",
  async ({ dir, mark, run, result, read }) => {
    await mark();
    const custom = `${dir}/state/customData`;
    await Deno.writeTextFile(custom, "#cloud-config\n");
    const { code, stdout } = await run();
    assertEquals(code, 0);
    assertEquals(
      stdout,
      "The custom data are not run: they do not start with #!\n",
    );
    const { outcome } = JSON.parse(await read("state/customdata.result"));
    assertEquals([outcome, await result()], ["not a script", undefined]);
    await mark("");
    await Deno.writeTextFile(custom, `#!/bin/sh\n: >${dir}/ran\n`);
    assertStringIncludes(
      (await run()).stdout,
      "has not been provisioned by its id: its custom data are not run",
    );
    assertEquals((await namesIn(dir)).includes("ran"), false);
  },
);

for (
  const [what, put] of [
    ["a pipe", (path: string) => makePipe(path)],
    [
      "a link to an endless device",
      (path: string) => Deno.symlink("/dev/zero", path),
    ],
    ["a link to a file", async (path: string) => {
      await Deno.rename(path, `${path}.moved`);
      await Deno.symlink(`${path}.moved`, path);
    }],
    ["an endless file", async (path: string) => {
      await Deno.writeTextFile(path, "");
      await Deno.truncate(path, 2 ** 42);
    }],
  ] as const
) {
  for (const place of ["userData", "provisioned.json"]) {
    userDataTest(
      `${what} in place of ${place} is neither waited for nor run`,
      async ({ dir, data, mark, run, result, read }) => {
        await data(`#!/bin/sh\necho x >>${dir}/ran\n`);
        await mark();
        if (what !== "a link to a file") {
          await Deno.remove(`${dir}/state/${place}`);
        }
        await put(`${dir}/state/${place}`);
        const start = Date.now();
        assertEquals((await run()).code, 0);
        assert(Date.now() - start < 10_000);
        assertEquals(await read("ran"), "");
        const outcome = (await result())?.outcome;
        assert([undefined, "not a script"].includes(outcome as string));
      },
    );
  }
}

userDataTest(
  "an outcome that is a pipe or a link is replaced, and not waited for",
  async ({ dir, data, mark, run, result, read }) => {
    await data(`#!/bin/sh\necho x >>${dir}/ran\n`);
    await mark();
    const path = `${dir}/state/userdata.result`;
    await makePipe(path);
    assertEquals((await run()).code, 0);
    assertEquals(await read("ran"), "x\n");
    await Deno.writeTextFile(`${dir}/elsewhere`, "mine");
    await Deno.remove(path);
    await Deno.symlink(`${dir}/elsewhere`, path);
    await Deno.symlink(`${dir}/elsewhere`, `${path}.new`);
    assertEquals((await run()).code, 0);
    assertEquals((await result())!.outcome, "ended");
    assertEquals(await read("elsewhere"), "mine");
  },
);

userDataTest(
  "a script of 64 KiB is run, and a larger one is not",
  async ({ dir, data, mark, run, read }) => {
    await mark();
    const script = `#!/bin/sh\necho x >>${dir}/ran\nexit\n`.padEnd(65536, "#");
    await data(`${script}#`);
    const { code, stdout } = await run();
    assertEquals([code, await read("ran")], [0, ""]);
    assertEquals(
      stdout,
      "The user data are not run: they are over 65536 bytes\n",
    );
    await data(script);
    assertEquals((await run()).code, 0);
    assertEquals(await read("ran"), "x\n");
  },
);

userDataTest("a limit that is none is wrong usage", async ({ run }) => {
  for (
    const args of [["--limit"], ["--limit", "0"], ["--limit", "1s"], ["x"]]
  ) {
    assertEquals((await run(...args)).code, 64, args.join(" "));
  }
});

/** A zombie runs no more. */
async function runs(pid: string): Promise<boolean> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  return stat !== "" && !/\) Z /.test(stat);
}

async function waitUntilGone(pid: string): Promise<void> {
  for (const start = Date.now(); await runs(pid);) {
    assert(Date.now() - start < 20_000, `Process ${pid} lives on`);
    await sleep(20);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
