import { assert, assertEquals } from "@std/assert";
import { isThere } from "../../lib/files/is_there.ts";
import { ROOT } from "../helpers/program.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import { find, type Shell, SHELLS, shellTest } from "./_shells.ts";
import { generalizeAtTerminal, SCRIPT } from "./_terminal.ts";
import { makeTree, readTree, USED_IMAGE } from "./_tree.ts";

const SIGNALS = [["SIGTERM", 143], ["SIGINT", 130], ["SIGHUP", 129]] as const;

/** Waits for a condition. */
async function until(what: string, fn: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await fn()) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`It took too long until ${what}`);
}

/** The processes whose arguments name a folder; they are ended. */
async function endProcessesOf(folder: string): Promise<string[]> {
  // A subshell may be about to end by itself.
  for (let tries = 0; tries < 3 && processesOf(folder).size > 0; tries++) {
    await new Promise((done) => setTimeout(done, 100));
  }
  const left = processesOf(folder);
  for (const id of left.keys()) {
    try {
      Deno.kill(id, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
  return [...left.values()];
}

/** The commands that name a folder, by their ids. */
function processesOf(folder: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = Deno.readTextFileSync(`/proc/${name}/cmdline`);
      if (!words.includes(folder)) continue;
      found.set(Number(name), words.replaceAll("\0", " "));
    } catch {
      // It has ended.
    }
  }
  return found;
}

/** What a run that was ended left of a file's next text. */
async function halfFiles(folder: string): Promise<string[]> {
  return [...(await readTree(`${folder}/tree`)).keys()]
    .filter((path) => path.endsWith("azure-provisioning-new"));
}

/** Starts a script on a tree. */
function start(
  shell: Shell,
  script: string,
  folder: string,
  args: readonly string[],
  path = shell.path,
): Deno.ChildProcess {
  return new Deno.Command(shell.command[0]!, {
    args: [
      ...shell.command.slice(1),
      `${ROOT}${script}`,
      ...args,
      `--root=${folder}/tree`,
    ],
    clearEnv: true,
    env: { PATH: path },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** Makes a program that waits to read from a pipe that nobody writes to. */
async function blocker(folder: string, name: string): Promise<string> {
  await makeTree(`${folder}/bin`, {
    [`/${name}`]:
      `#!/bin/sh\n: >'${folder}/started'\nread -r _ <'${folder}/pipe'\n`,
  });
  const { success } = await new Deno.Command("mkfifo", {
    args: [`${folder}/pipe`],
  }).output();
  assert(success);
  return `${folder}/bin`;
}

/** Sends a signal, and holds a script to its second. */
async function endsWithin(
  child: Deno.ChildProcess,
  signal: Deno.Signal,
  milliseconds: number,
): Promise<number> {
  const sent = performance.now();
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), 5000);
  const { code } = await child.status;
  clearTimeout(late);
  const took = performance.now() - sent;
  assert(took < milliseconds, `It took ${Math.round(took)} ms to end`);
  return code;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

const BINARY = `${ROOT}dist/azure-provisioning`;
const HAS_BINARY = await exists(BINARY);
if (!HAS_BINARY) {
  console.error("Signals to install.sh are skipped: nothing is compiled");
}

const WAITING: readonly {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** The program that never ends. */
  readonly program: string;
}[] = [
  {
    name: "generalize.sh that makes its plan",
    script: "image/generalize.sh",
    args: ["--yes"],
    program: "grep",
  },
  {
    name: "generalize.sh in a step",
    script: "image/generalize.sh",
    args: ["--yes"],
    program: "cp",
  },
  {
    name: "generalize.sh that removes",
    script: "image/generalize.sh",
    args: ["--yes"],
    program: "rm",
  },
  {
    name: "check.sh",
    script: "image/check.sh",
    args: [],
    program: "od",
  },
  ...HAS_BINARY
    ? [
      {
        name: "install.sh",
        script: "install.sh",
        args: [`--binary=${BINARY}`],
        program: "od",
      },
      {
        name: "install.sh --generalize",
        script: "install.sh",
        args: ["--generalize", "--yes"],
        program: "grep",
      },
    ]
    : [],
];

// Busybox's shell has most programs in itself, wherever others lie.
const DASH = SHELLS.find(({ name }) => name === "dash");
for (
  const { name, script, args, program } of DASH === undefined ? [] : WAITING
) {
  for (const [signal, status] of SIGNALS) {
    Deno.test(`${signal} ends ${name} while it waits for a program`, async () => {
      await using temp = await tempDir();
      const folder = temp.path;
      await makeTree(`${folder}/tree`, USED_IMAGE);
      const path = `${await blocker(folder, program)}:${DASH!.path}`;
      const child = start(DASH!, script, folder, args, path);
      await until("it waits", () => exists(`${folder}/started`));
      const ended = endsWithin(child, signal, 1000);
      await ended.catch(() => {});
      assertEquals(await endProcessesOf(folder), []);
      assertEquals(await ended, status);
      if (program !== "rm") assertEquals(await halfFiles(folder), []);
      assertEquals(
        await Deno.readTextFile(`${folder}/tree/etc/hosts`),
        USED_IMAGE["/etc/hosts"],
      );
    });
  }
}

shellTest(
  "a signal ends generalize.sh at any moment, with no half file, and another run finishes",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, {
      ...USED_IMAGE,
      ...Object.fromEntries(
        Array.from({ length: 60 }, (_, i) => [`/var/log/${i}.log`, "line\n"]),
      ),
    });
    const hosts = ["127.0.0.1\tlocalhost\n", USED_IMAGE["/etc/hosts"]!];
    for (let moment = 0; moment < 20; moment++) {
      const child = start(shell, "image/generalize.sh", folder, [
        "--yes",
        "--logs",
      ]);
      await new Promise((done) => setTimeout(done, moment * 60));
      let code: number;
      try {
        code = await endsWithin(child, SIGNALS[moment % 3]![0], 1000);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        // It had ended.
        code = (await child.status).code;
      }
      assert([0, SIGNALS[moment % 3]![1]].includes(code), `${code}`);
      assertEquals(await endProcessesOf(folder), []);
      assertEquals(await halfFiles(folder), []);
      assert(hosts.includes(await Deno.readTextFile(`${root}/etc/hosts`)));
    }
    const last = start(shell, "image/generalize.sh", folder, [
      "--yes",
      "--logs",
    ]);
    assertEquals((await last.status).code, 0);
    assertEquals(await Deno.readTextFile(`${root}/etc/hosts`), hosts[0]);
  },
);

shellTest(
  "a signal ends generalize.sh while it enables the unit, and no private folder is left",
  async (shell, folder) => {
    const root = `${folder}/tree`;
    await makeTree(root, USED_IMAGE);
    const wants = `${root}/etc/systemd/system/multi-user.target.wants`;
    let caught = 0;
    for (let round = 0; round < 12; round++) {
      await Deno.remove(`${wants}/azure-provisioning.service`).catch(() => {});
      const child = start(shell, "image/generalize.sh", folder, ["--yes"]);
      let ended = false;
      child.status.then(() => ended = true);
      while (!ended && !isThere(`${wants}/.azure-provisioning-new`)) {
        await new Promise((done) => setTimeout(done, 0));
      }
      if (ended) continue;
      caught++;
      await endsWithin(child, SIGNALS[round % 3]![0], 1000).catch((error) => {
        if (!(error instanceof TypeError)) throw error;
      });
      assertEquals(await halfFiles(folder), []);
    }
    assert(caught > 0, "the private folder was never seen");
  },
);

if (SCRIPT === undefined) {
  console.error("Signals at the question are skipped: script is not installed");
} else {
  for (const [signal, status] of SIGNALS) {
    shellTest(
      `${signal} ends generalize.sh that waits for an answer, and nothing is changed`,
      async (shell, folder) => {
        const root = `${folder}/tree`;
        await makeTree(root, USED_IMAGE);
        const before = await readTree(root);
        const child = generalizeAtTerminal({
          shell,
          root,
          pidFile: `${folder}/pid`,
        });
        const writer = child.stdin.getWriter();
        let output = "", sent = 0;
        for await (
          const text of child.stdout.pipeThrough(new TextDecoderStream())
        ) {
          output += text;
          if (sent > 0 || !output.includes('Type "yes"')) continue;
          sent = performance.now();
          if (signal === "SIGINT") {
            // As somebody does at a terminal.
            await writer.write(new Uint8Array([3]));
          } else {
            Deno.kill(
              Number(await Deno.readTextFile(`${folder}/pid`)),
              signal,
            );
          }
        }
        const { code } = await child.status;
        assert(performance.now() - sent < 1000, output);
        await writer.close().catch(() => {});
        assertEquals(code, status, output);
        assertEquals(await endProcessesOf(folder), []);
        assertEquals(await readTree(root), before);
      },
    );
  }
}

const GCC = await find("gcc");
if (GCC === undefined) {
  console.error(
    "Signals to a script that reads from a pipe are skipped: gcc is not installed",
  );
} else {
  shellTest(
    "a pipe that is swapped in while a tree is read holds up no signal",
    async (shell, folder) => {
      const { success } = await new Deno.Command(GCC, {
        args: [
          "-o",
          `${folder}/swapper`,
          new URL("./_swapper.c", import.meta.url).pathname,
        ],
      }).output();
      assert(success);
      let blocked = 0;
      for (let round = 0; round < 100 && blocked < 3; round++) {
        const here = `${folder}/${round}`;
        await makeTree(`${here}/tree`, USED_IMAGE);
        await new Deno.Command("mkfifo", { args: [`${here}/pipe`] }).output();
        const swapper = new Deno.Command(`${folder}/swapper`, {
          args: [`${here}/tree/etc/hosts`, `${here}/pipe`],
        }).spawn();
        try {
          const child = start(shell, "image/generalize.sh", here, [
            "--dry-run",
          ]);
          const inTime = await Promise.race([
            child.status.then(() => true),
            new Promise<false>((later) => setTimeout(() => later(false), 3000)),
          ]);
          if (inTime) continue;
          blocked++;
          assertEquals(await endsWithin(child, "SIGTERM", 1000), 143);
        } finally {
          swapper.kill("SIGKILL");
          await swapper.status;
        }
        assertEquals(await endProcessesOf(here), []);
      }
      assert(blocked > 0, "It never read from the pipe");
    },
  );
}
