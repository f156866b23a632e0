import { assert, assertEquals, assertMatch } from "@std/assert";
import type { SimulatedPlatform, Vm } from "../helpers/vm.ts";
import { vmTest } from "../helpers/vm_case.ts";

const VM = ["--json", "--admin-username", "ada", "--user-data", "hello"];

/** What needs root. */
const CHANGING = [
  "",
  "provision",
  "provision --force",
  "hostname",
  "hostname name",
  "user",
  "sudo",
  "ssh-keys",
  "userdata",
];

/** Ways of not being root, as what stands before a command. */
const OTHERS: readonly (readonly [string, string, RegExp])[] = [
  [
    "another user",
    "setpriv --reuid 65534 --regid 65534 --clear-groups",
    /^Error: "[a-z-]+" needs root, but user 65534 runs it; nothing was sent: run it as root, such as with sudo\n$/,
  ],
  [
    "another user with the capabilities of the unit",
    "setpriv --reuid 65534 --inh-caps +chown,+dac_override,+fowner --ambient-caps +chown,+dac_override,+fowner",
    /^Error: "[a-z-]+" needs root, but user 65534 runs it; /,
  ],
  [
    "root of a user namespace",
    "setpriv --reuid 65534 --regid 65534 --clear-groups unshare --user --map-root-user",
    /^Error: "[a-z-]+" needs the machine's root, but a user namespace's root runs it, who may not write "\/var\/lib\/azure-provisioning"; /,
  ],
];

async function requestsOf(platform: SimulatedPlatform): Promise<number> {
  const { stdout } = await platform.stop();
  return JSON.parse(stdout.trim().split("\n").at(-1)!).requests;
}

/** Runs a command, and gives its status, its messages, and its seconds. */
async function timed(vm: Vm, script: string) {
  const start = performance.now();
  const { code, stderr } = await vm.run(script);
  return { code, stderr, seconds: (performance.now() - start) / 1000 };
}

for (const [who, before, message] of OTHERS) {
  vmTest(
    `the compiled program ends with 77 at once and sends nothing if ${who} runs it`,
    { root: "machine" },
    async (vm) => {
      const possible = await vm.run(`${before} true`);
      if (possible.code !== 0) {
        console.error(`There cannot be ${who} here: ${possible.stderr}`);
        return;
      }
      const platform = await vm.startPlatform(VM);
      for (const command of CHANGING) {
        const { code, stderr, seconds } = await timed(
          vm,
          `exec ${before} "$0" ${command}`,
        );
        assertEquals(code, 77, `${command}: ${stderr}`);
        assertMatch(stderr, message);
        assert(seconds < 10, `${seconds}`);
      }
      assertEquals(await requestsOf(platform), 0);
      assertEquals(
        (await vm.run("ls -A /var/lib/azure-provisioning 2>&1 || :")).stdout
          .includes("lock"),
        false,
      );
    },
  );
}

vmTest(
  "the compiled program does for another user what needs no root",
  { root: "machine" },
  async (vm) => {
    await vm.startPlatform(VM);
    assertEquals((await vm.provision()).code, 0);
    for (
      const command of [
        "--help",
        "provision --help",
        "hostname --help",
        "--version",
        "status",
        "status --json",
        "goal-state",
        "hostname --dry-run",
        "health ready --dry-run",
        "health ready",
      ]
    ) {
      const { code, stderr } = await vm.run(
        `exec setpriv --reuid 65534 --clear-groups "$0" ${command}`,
      );
      assertEquals(code, 0, `${command}: ${stderr}`);
    }
  },
);

for (
  const [what, before] of [
    ["no capabilities", "setpriv --bounding-set -all"],
    [
      "the capabilities of the unit",
      "setpriv --bounding-set -all,+chown,+dac_override,+fowner",
    ],
  ] as const
) {
  vmTest(
    `the compiled program reports ready for root with ${what}`,
    { root: "machine" },
    async (vm) => {
      const platform = await vm.startPlatform(VM);
      const { code, stderr } = await vm.run(
        `exec ${before} "$0" --without user,ssh-keys`,
      );
      assertEquals(code, 0, stderr);
      assert(await requestsOf(platform) > 0);
    },
  );
}

vmTest(
  "the compiled program reports ready for root on a disk that is read-only",
  { root: "machine" },
  async (vm) => {
    await vm.startPlatform(VM);
    const readOnly = await vm.run(
      'mount -o remount,ro,bind /var/lib; "$0" || [ $? = 73 ]',
    );
    assertEquals(readOnly.code, 0, readOnly.stderr);
    assert(/\nResponse: 200 OK\n/.test(readOnly.stderr), readOnly.stderr);
  },
);

vmTest(
  "the compiled program reports ready for root whose root folder belongs to another user",
  { root: { programs: [] } },
  async (vm) => {
    const platform = await vm.startPlatform(VM);
    const root = vm.etcDir.slice(0, -"/etc".length);
    await Deno.chown(root, 1000, 1000);
    const { code, stderr } = await vm.provision(["--without", "user,ssh-keys"]);
    assertEquals(code, 0, stderr);
    assert(await requestsOf(platform) > 0);
  },
);
