import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { vmTest } from "../helpers/vm_case.ts";

vmTest(
  "the compiled program shows the status of a boot, also to users other than root",
  { root: "machine" },
  async (vm) => {
    await vm.startPlatform(["--fault", "503@goal-state=1"]);
    const boot = await vm.run(
      '"$0" --without hostname && hostname && "$0" status && setpriv --reuid 65534 --clear-groups "$0" status --json',
    );
    assertEquals(boot.code, 0, boot.stderr);
    assertStringIncludes(boot.stdout, "\nThis VM is provisioned");
    assertStringIncludes(boot.stdout, "skipped: left out\n");
    assertStringIncludes(boot.stdout, "failed 503 after");
    const json = JSON.parse(boot.stdout.trim().split("\n").at(-1)!);
    assertEquals([json.outcome, json.health], ["provisioned", "Ready"]);
    const record = await Deno.readTextFile(
      `${vm.varLibDir}/azure-provisioning/status.json`,
    );
    assertEquals((await vm.provision()).code, 0);
    assertEquals(
      await Deno.readTextFile(
        `${vm.varLibDir}/azure-provisioning/status.json`,
      ),
      record,
      "a run that has nothing to do leaves the record of the real one",
    );
  },
);

vmTest(
  "the compiled program shows the status of a boot that failed, and of one that was interrupted",
  { root: "machine" },
  async (vm) => {
    const failed = await vm.run(
      '"$0" --timeout 1 || echo "$?"; "$0" status',
    );
    assertEquals(failed.code, 0, failed.stderr);
    assert(failed.stdout.startsWith("69\nThe first boot failed.\n"));
    assertStringIncludes(
      failed.stdout,
      "\nReason    Cannot get the goal state from 168.63.129.16: ",
    );
    const cut = await vm.run(
      `"$0" --timeout 60 & sleep 1
      "$0" status --json; kill -KILL $!; wait $! || true; "$0" status`,
    );
    assertEquals(cut.code, 0, cut.stderr);
    const [json = "", headline] = cut.stdout.split("\n");
    assertEquals(JSON.parse(json).outcome, "running");
    assertEquals(
      headline,
      "The first boot was interrupted: by a crash, a kill or a power cut.",
    );
  },
);

vmTest(
  "the compiled program takes its options from /etc/azure-provisioning.conf, and the command line's before them",
  { root: "machine" },
  async (vm) => {
    const config = `${vm.etcDir}/azure-provisioning.conf`;
    await vm.startPlatform(["--computer-name", "conf-vm"]);
    await Deno.writeTextFile(config, "timeout = 30\ntimeout = 40\n");
    const wrong = await vm.provision();
    assertEquals(wrong.code, 78);
    assertStringIncludes(
      wrong.stderr,
      '\nError: Cannot use the configuration file "/etc/azure-provisioning.conf": line 2: The key "timeout" is already in line 1; remove one of them\n',
    );
    await Deno.writeTextFile(config, "without = hostname\nlog-level = debug\n");
    const boot = await vm.run('hostname before; "$0" && hostname');
    assertEquals([boot.code, boot.stdout], [0, "before\n"], boot.stderr);
    assertStringIncludes(
      boot.stderr,
      "Debug: hostname: left out\n",
    );
    await Deno.writeTextFile(config, "nonsense\n");
    const done = await vm.provision();
    assertEquals(done.code, 0, "a VM that is done is left alone");
    await Deno.writeTextFile(config, "without = hostname\n");
    const named = await vm.run('"$0" --force --with hostname && hostname');
    assertEquals([named.code, named.stdout], [0, "conf-vm\n"], named.stderr);
  },
);

vmTest(
  "the compiled program's last line names the configuration file, even if nobody can be told",
  { root: "machine" },
  async (vm) => {
    await Deno.writeTextFile(
      `${vm.etcDir}/azure-provisioning.conf`,
      "timeuot = 30\n",
    );
    const { code, stderr } = await vm.provision(["--timeout", "1"]);
    assertEquals(code, 78, stderr);
    assertMatch(
      stderr.trim().split("\n").at(-1)!,
      /^Error: Cannot use the configuration file "\/etc\/azure-provisioning\.conf": line 1: Unknown key "timeuot"; did you mean "timeout"\?\. This could not be reported: Cannot get the goal state /,
    );
  },
);

vmTest(
  "the compiled program sends nothing if the command line names a configuration file that is wrong",
  { root: "machine" },
  async (vm) => {
    const platform = await vm.startPlatform(["--json"]);
    await Deno.writeTextFile(`${vm.etcDir}/wrong.conf`, "\ntimeuot = 30\n");
    for (
      const [script, code, message] of [
        [
          '"$0" --config /etc/nowhere.conf',
          64,
          /^Error: Cannot use the configuration file "\/etc\/nowhere\.conf": No such file or directory/,
        ],
        ['"$0" --config /etc', 64, /"\/etc": it is not a file/],
        [
          'echo | "$0" --config /dev/stdin',
          64,
          /"\/dev\/stdin": (it is not a file|No such file|the program was compiled without)/,
        ],
        ['"$0" --config ""', 64, /"--config" needs a value/],
        ['"$0" --config /a --config /b', 64, /is given twice/],
        [
          '"$0" --config /etc/wrong.conf',
          78,
          /^Error: [^\n]+"\/etc\/wrong\.conf": line 2: Unknown key "timeuot"/,
        ],
        [
          'chown 1000 /etc/wrong.conf; "$0" --config /etc/wrong.conf',
          78,
          /"\/etc\/wrong\.conf": it belongs to user 1000/,
        ],
      ] as const
    ) {
      const result = await vm.run(script);
      assertEquals(result.code, code, `${script}: ${result.stderr}`);
      assertMatch(result.stderr, message);
      assertEquals(result.stderr.trim().split("\n").length, 1, result.stderr);
    }
    const { stdout } = await platform.stop();
    const verdict = JSON.parse(stdout.trim().split("\n").at(-1)!);
    assertEquals(verdict.requests, 0);
  },
);
