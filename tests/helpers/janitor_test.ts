import { assert, assertEquals } from "@std/assert";
import { waitUntil } from "./wait_until.ts";
import { makeMachine } from "../faults/_machine.ts";
import { startInBackground } from "./background.ts";
import { run, succeed } from "./command.ts";
import { DENO_FLAGS } from "./program.ts";
import { createVm, VM_OBSTACLE } from "./vm.ts";

const url = (path: string) => new URL(path, import.meta.url).href;

/** A test that never ends, with a machine of each kind and a program in each. */
const TEST = `
  import { createVm } from "${url("vm.ts")}";
  import { makeMachine } from "${url("../faults/_machine.ts")}";
  const vm = await createVm({ root: "machine" });
  const machine = await makeMachine();
  const script = "readlink /proc/self/ns/net >/etc/made; exec sleep 1000";
  await Promise.all([vm.run(script), machine.run(script)]);
`;

/** The names of the namespaces whose network is one of these. */
async function namespacesOf(
  networks: ReadonlySet<string>,
): Promise<string[]> {
  const lines = await succeed("sh", [
    "-c",
    "for it in /run/netns/*; do stat -Lc '%n net:[%i]' $it || true; done",
  ]);
  return lines.split("\n").filter((line) =>
    networks.has(line.split(" ").at(-1)!)
  );
}

/** The folders that a process's janitors look after, as their command lines name them. */
async function foldersOf(pid: number): Promise<string[]> {
  const args = ["-o", "args=", "--ppid", `${pid}`];
  const { stdout } = await run("ps", args);
  return [
    ...new Set(
      stdout.match(/\/tmp\/azure-provisioning-(?:vm|fault)-\w+/g) ?? [],
    ),
  ];
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test({
  name: "a test that is killed leaves no machine behind, and another's stays",
  ignore: VM_OBSTACLE !== undefined,
  fn: async () => {
    await using vm = await createVm({ root: "machine" });
    await using machine = await makeMachine();
    await using test = startInBackground([
      "env",
      `HOME=${Deno.env.get("HOME") ?? ""}`,
      Deno.execPath(),
      "eval",
      ...DENO_FLAGS,
      TEST,
    ]);
    let made: string[] = [];
    let folders: string[] = [];
    await waitUntil("the test has its machines", async () => {
      if (test.ended) throw new Error((await test.end).stderr);
      folders = await foldersOf(test.pid);
      made = await Promise.all(
        folders.map((dir) =>
          Deno.readTextFile(`${dir}/etc/made`).catch(() => "")
        ),
      );
      return folders.length === 2 && made.every((it) => it.endsWith("]\n"));
    }, 60_000);
    const networks = new Set(made.map((it) => it.trim()));
    assertEquals((await namespacesOf(networks)).length, 2);

    test.kill("SIGKILL");
    await test.end;
    await waitUntil("its machines are gone", async () => {
      const left = await Promise.all(folders.map(exists));
      return !left.includes(true) &&
        (await namespacesOf(networks)).length === 0;
    }, 30_000);

    assertEquals((await vm.run("cat /etc/hostname")).stdout, "image\n");
    assertEquals(await machine.succeed("cat /etc/hostname"), "image\n");
    assert(await exists(machine.dir));
  },
});
