import { assert, assertEquals, assertMatch } from "@std/assert";
import { waitUntil } from "../helpers/wait_until.ts";
import { DENO_FLAGS, finish, ROOT } from "../helpers/program.ts";
import { twoColumns } from "../../tools/demo.ts";

function startDemo(...faults: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    cwd: ROOT,
    args: [
      "run",
      "--no-prompt",
      ...DENO_FLAGS,
      "--allow-net=127.0.0.1",
      "--allow-read=/tmp",
      "--allow-write=/tmp",
      "tools/demo.ts",
      ...faults,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The demo's folder: it holds a lock in it while it boots. */
async function folderOf(pid: number): Promise<string | undefined> {
  const fds = `/proc/${pid}/fd`;
  for await (const { name } of Deno.readDir(fds)) {
    const path = await Deno.readLink(`${fds}/${name}`).catch(() => "");
    if (path.endsWith("/state/lock")) return path.slice(0, -11);
  }
  return undefined;
}

Deno.test("the demo plays two boots", async () => {
  const { code, stdout, stderr } = await finish(startDemo());
  assertEquals(code, 0, stderr);
  assertMatch(
    stdout,
    /First boot[^]*Second boot[^]*Host name on the VM: "demo-vm"/,
  );
  assertEquals(stderr, "");
});

for (
  const [signals, exitCodes] of [
    [["SIGINT"], [130]],
    [["SIGTERM"], [143]],
    // A Ctrl-C arrives twice: `deno task` passes on what the terminal has sent to both.
    [["SIGINT", "SIGTERM"], [130, 143]],
  ] as const
) {
  Deno.test(
    `the demo takes its folder away when ${
      signals.length === 1 ? `${signals[0]} stops` : "two signals at once stop"
    } it`,
    async () => {
      const process = startDemo("503@goal-state");
      const ended = finish(process);
      let folder: string | undefined;
      await waitUntil("the demo boots", async () => {
        folder = await folderOf(process.pid);
        return folder !== undefined;
      }, 60_000);
      assertMatch(folder!, /^\/tmp\/azure-provisioning-demo-\w+$/);
      for (const signal of signals) process.kill(signal);
      const { code, stderr } = await ended;
      assert((exitCodes as readonly number[]).includes(code), stderr);
      assertEquals(stderr, "");
      assertEquals(await Deno.stat(folder!).catch(() => "gone"), "gone");
    },
  );
}

Deno.test("twoColumns() sets short texts beside each other", () => {
  assertEquals(twoColumns("left", "right"), `${"left".padEnd(62)} | right`);
});

Deno.test("twoColumns() wraps a long text at a blank, without losing any of it", () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`);
  const rows = twoColumns("", words.join(" ")).split("\n");
  const rights = rows.map((row) => row.split(" | ")[1]!.trim());
  assertEquals(rows.length > 1, true);
  assertEquals(rights.join(" "), words.join(" "));
});

Deno.test("twoColumns() breaks a word that is wider than its column", () => {
  const rows = twoColumns("x".repeat(100), "").split("\n");
  const lefts = rows.map((row) => row.split(" |")[0]!.trim());
  assertEquals(lefts.join(""), "x".repeat(100));
});
