import { assert, assertEquals, assertMatch } from "@std/assert";
import { succeed } from "../helpers/command.ts";
import { type Boot } from "./_boot.ts";
import { BOOT_MS, bootTest, QUIET_MS, withBoot } from "./_boot_case.ts";
import { type Machine, makeImage } from "./_image.ts";
import { markOf, STATE_DIR } from "./_mark_of.ts";
import { putFiles } from "./_put_files.ts";
import { INIT_RECIPES, type Recipe } from "./_recipes.ts";
import { sleep } from "../helpers/wait_until.ts";

const VM = {
  vmId: "77777777-abcd-4abc-8abc-777777777777",
  computerName: "data-vm",
};

const UUID = "4c4c4544-0042-3510-8052-b4c04f4d3232";
const OTHER_UUID = "5d5d4544-0042-3510-8052-b4c04f4d3232";

/** It writes down that it ran, and as whom. */
const SCRIPT = `#!/bin/sh
echo "$(id -u) $(cat ${STATE_DIR}/provisioned.json | grep -c vmId)" >>/var/lib/ran
`;

const RECIPES = INIT_RECIPES.filter(({ name }) =>
  ["systemd-bookworm", "busybox"].includes(name)
);

for (const recipe of RECIPES) {
  bootTest(
    `${recipe.name}: user data are run once, after Ready, where that is enabled`,
    async () => {
      await using image = await makeImage(recipe);
      await using machine = await image.makeMachine();
      await enable(recipe, machine);
      const first = await boot(recipe, machine, SCRIPT, ended(machine));
      assertEquals(first, "data-vm");
      const outcome = await outcomeOf(machine);
      assertEquals(
        [outcome!.outcome, outcome!.exitStatus, outcome!.vmId],
        ["ended", 0, VM.vmId],
      );
      // As root, and when the VM was marked as done.
      assertEquals(await ranIn(machine), "0 1\n");

      await boot(recipe, machine, SCRIPT, () => Promise.resolve(true));
      assertEquals(await ranIn(machine), "0 1\n");
      assertEquals(await outcomeOf(machine), outcome);
    },
  );

  bootTest(
    `${recipe.name}: user data are there, for root alone, and not run where nobody has enabled that`,
    async () => {
      await using image = await makeImage(recipe);
      await using machine = await image.makeMachine();
      await boot(recipe, machine, SCRIPT, () => Promise.resolve(true));
      const path = `${machine.tree}${STATE_DIR}/userData`;
      assertEquals(await Deno.readTextFile(path), SCRIPT);
      const { mode, uid } = await Deno.stat(path);
      assertEquals([mode! & 0o777, uid], [0o600, 0]);
      assertEquals(await outcomeOf(machine), undefined);
      assertEquals(await ranIn(machine), "");
    },
  );
}

bootTest(
  "systemd-bookworm: user data that hang are ended at the limit, and hold up no boot",
  async () => {
    const recipe = RECIPES.find(({ init }) => init === "systemd")!;
    await using image = await makeImage(recipe);
    await using machine = await image.makeMachine();
    await enable(recipe, machine);
    await putFiles(machine.tree, [{
      path:
        "/etc/systemd/system/azure-provisioning-userdata.service.d/limit.conf",
      text:
        "[Service]\nExecStart=\nExecStart=/usr/local/lib/azure-provisioning/userdata --limit 3\n",
    }]);
    await boot(
      recipe,
      machine,
      "#!/bin/sh\necho hang >>/var/lib/ran\nsleep 1000 &\nexec sleep 1000\n",
      async (running) =>
        await ended(machine)(running) && !running.runs("sleep"),
    );
    const outcome = await outcomeOf(machine);
    assertEquals(outcome!.outcome, "timed out");
    assertMatch(String(outcome!.seconds), /^[0-9]+$/);
    assert(Number(outcome!.seconds) >= 3);
    assertEquals(await ranIn(machine), "hang\n");
  },
);

bootTest(
  "systemd-bookworm: what a VM was created with is not run in one that has its disk and could not provision",
  async () => {
    const recipe = RECIPES.find(({ init }) => init === "systemd")!;
    await using image = await makeImage(recipe);
    await using machine = await image.makeMachine();
    // Nothing runs them in the first VM.
    await boot(recipe, machine, SCRIPT, () => Promise.resolve(true));
    await enable(recipe, machine);
    await putFiles(machine.tree, [{
      path: "/etc/systemd/system/azure-provisioning.service.d/short.conf",
      text:
        "[Service]\nExecStart=\nExecStart=/usr/local/bin/azure-provisioning --timeout 8\n",
    }]);
    const other = {
      platform: { ...VM, vmId: OTHER_UUID, faults: ["refuse"] },
      uuid: OTHER_UUID,
    };
    await withBoot(machine, other, async (running) => {
      await running.until("the unit is done", running.unitIsDone, BOOT_MS);
      await sleep(QUIET_MS);
      await running.powerOff();
    });
    const journal = await succeed("journalctl", [
      `--directory=${machine.tree}/var/log/journal`,
      "--unit=azure-provisioning-userdata.service",
      "--output=cat",
      "--no-pager",
    ]);
    assertMatch(journal, /exec-condition/);
    assertEquals(await ranIn(machine), "");
    assertEquals(await outcomeOf(machine), undefined);
  },
);

/** Boots a machine until it is provisioned and something holds, watches it for a while, and gives the host name that it ran with. */
async function boot(
  recipe: Recipe,
  machine: Machine,
  userData: string,
  holds: (boot: Boot) => Promise<boolean>,
): Promise<string> {
  return await withBoot(
    machine,
    { platform: { ...VM, userData }, uuid: UUID },
    async (running) => {
      await running.until(
        "the test's agent has started",
        () => running.started(),
        BOOT_MS,
      );
      await running.until(
        "the machine is provisioned, and its user data are done with",
        async () =>
          await markOf(machine.tree) !== undefined &&
          !running.programRuns() &&
          (recipe.init !== "systemd" || running.unitIsDone()) &&
          await holds(running),
        BOOT_MS,
      );
      await sleep(QUIET_MS);
      const name = await running.powerOff();
      const { refusals } = await running.platform!.stop();
      assertEquals(refusals, []);
      return name;
    },
  );
}

async function enable(recipe: Recipe, { tree }: Machine): Promise<void> {
  if (recipe.init === "systemd") {
    await putFiles(tree, [], [{
      path:
        "/etc/systemd/system/multi-user.target.wants/azure-provisioning-userdata.service",
      target: "/etc/systemd/system/azure-provisioning-userdata.service",
    }]);
  } else {
    await putFiles(tree, [{
      path: "/etc/azure-provisioning.userdata",
      text: "",
    }]);
  }
}

function ended(machine: Machine): (boot: Boot) => Promise<boolean> {
  return async () => {
    const outcome = await outcomeOf(machine);
    return outcome !== undefined && outcome.outcome !== "running";
  };
}

async function outcomeOf(
  { tree }: Machine,
): Promise<Record<string, unknown> | undefined> {
  const text = await Deno.readTextFile(`${tree}${STATE_DIR}/userdata.result`)
    .catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

async function ranIn({ tree }: Machine): Promise<string> {
  return await Deno.readTextFile(`${tree}/var/lib/ran`).catch(() => "");
}
