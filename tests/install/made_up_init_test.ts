import { assertEquals, assertStringIncludes } from "@std/assert";
import { succeed } from "../helpers/command.ts";
import { ROOT } from "../helpers/program.ts";
import { installTest } from "./_case.ts";
import { BARE, elf, INITS, makeTree, snapshot } from "./_tree.ts";

/** The folder of an init that there is not; docs/contributing.md says that such a folder is enough. */
const FOLDER: Readonly<Record<string, string>> = {
  "azure-provisioning.job":
    "run /usr/local/lib/azure-provisioning/first-boot\n",
  "init.sh": `# shellcheck shell=sh disable=SC2034,SC2154
init_unit=/etc/madeup/azure-provisioning.job
init_link=/etc/madeup/on/azure-provisioning.job
init_network_files=/etc/madeup.rc
init_host_keys_unit=/etc/madeup/azure-provisioning-host-keys.job
init_host_keys_mode=640
init_detect() { first_file /usr/sbin/madeup; }
init_is_pid_1() { first_file /sbin/init && [ "\${resolved##*/}" = madeup ]; }
init_files() {
  put_first_boot
  put "$units/madeup/azure-provisioning.job" 644 "$init_unit"
}
init_is_enabled() { has_link "$init_link"; }
init_enable() { put_link ../azure-provisioning.job "$init_link"; }
init_disable() { take_link "$init_link"; }
init_take_leftovers() { take_file /etc/madeup/azure-provisioning.state; }
init_plan_leftovers() { plan_path 'the state of madeup' /var/lib/madeup; }
init_hint() { say 'madeupctl status azure-provisioning'; }
init_service_links() { links_in_folders /etc/madeup on "$1.job"; }
init_service_files() { printf '/etc/madeup/%s.job\\n' "$1"; }
init_disable_command() { printf 'madeupctl off %s' "\${1##*/}"; }
init_print_host_keys() { printf 'run %s -A\\n' "$1"; }
init_host_keys_links() { echo '/etc/madeup/on/keys ../azure-provisioning-host-keys.job'; }
whole=madeup
`,
};

installTest(
  "an init is a folder in units/: it is installed, checked, enabled, generalised and uninstalled by that",
  async ({ dir, root, binary, run }) => {
    const release = `${dir}/release`;
    await Deno.mkdir(release);
    await succeed("cp", [
      "-a",
      ...["install.sh", "image", "units"].map((part) => `${ROOT}${part}`),
      release,
    ]);
    await makeTree(`${release}/units/madeup`, FOLDER);
    await makeTree(root, BARE, {
      "usr/sbin/madeup": elf("x86_64"),
      "usr/sbin/init": "-> madeup",
      // Left over: the image boots with the other one.
      ...INITS["s6"],
      "etc/madeup.rc": "udhcpc -i eth0\n",
      "etc/hostname": "localhost\n",
      "usr/sbin/sshd": elf("x86_64"),
      "usr/bin/ssh-keygen": elf("x86_64"),
    });
    const before = await snapshot(root);
    const tool = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await run(
        [`${release}/install.sh`, ...args, "--root", root],
      );
      return { code, stdout, words: `${stdout}${stderr}` };
    };
    const check = async () => (await tool("--check")).stdout;

    assertStringIncludes(
      (await tool("--help")).stdout,
      " madeup ",
    );
    const installed = await tool("--binary", binary, "--init", "madeup");
    assertEquals(installed.code, 0, installed.words);
    assertStringIncludes(installed.stdout, "Init: madeup\n");
    assertStringIncludes(installed.stdout, "madeupctl status");
    const withUnit = await snapshot(root);
    const link =
      "etc/madeup/on/azure-provisioning.job -> ../azure-provisioning.job";
    assertEquals(withUnit.includes(link), true);

    const good = await check();
    assertStringIncludes(good, "is enabled for: madeup\n");
    assertStringIncludes(good, "at boot by /etc/madeup.rc");
    assertStringIncludes(good, "there are no SSH host keys, and nothing makes");

    // The first VM leaves something, and somebody disables the unit.
    await Deno.remove(`${root}/etc/madeup/on/azure-provisioning.job`);
    await makeTree(root, {
      "etc/ssh/ssh_host_rsa_key": "key",
      "var/lib/madeup/seed": "seed",
    });
    assertStringIncludes(await check(), "not enabled for: madeup;");
    const generalized = await tool("--generalize", "--yes");
    assertEquals(generalized.code, 0, generalized.words);
    const after = await snapshot(root);
    assertEquals(after.includes(link), true);
    assertEquals(after.some((line) => /ssh_host|seed/.test(line)), false);
    assertEquals(
      after.includes(
        "etc/madeup/azure-provisioning-host-keys.job 100640 run /usr/bin/ssh-keygen -A\n",
      ),
      true,
    );
    assertStringIncludes(
      (await tool("--generalize", "--yes")).stdout,
      "Nothing to do",
    );
    assertStringIncludes(await check(), "every VM makes its own SSH host keys");

    // Another provisioner that it starts is found, and the remedy is its own.
    await makeTree(root, {
      "etc/madeup/cloud-init.job": "run cloud-init\n",
      "etc/madeup/on/waagent.job": "-> ../waagent.job",
      "etc/madeup/on/azure-init.job": "-> ../azure-init.job",
    });
    const found = await check();
    assertStringIncludes(found, "enabled by /etc/madeup/on/waagent.job");
    assertStringIncludes(found, "madeupctl off azure-init.job");
    for (const name of ["cloud-init", "on/waagent", "on/azure-init"]) {
      await Deno.remove(`${root}/etc/madeup/${name}.job`);
    }

    await makeTree(root, { "etc/madeup/azure-provisioning.state": "done" });
    const undone = await tool("--uninstall");
    assertEquals(undone.code, 0, undone.words);
    assertStringIncludes(
      undone.stdout,
      `: ${root}/etc/madeup/azure-provisioning-host-keys.job\n`,
    );
    await Deno.remove(`${root}/etc/madeup/azure-provisioning-host-keys.job`);
    await Deno.remove(`${root}/etc/madeup/on/keys`);
    for (const folder of ["etc/madeup/on", "etc/madeup", "etc/ssh"]) {
      await Deno.remove(`${root}/${folder}`);
    }
    await Deno.remove(`${root}/var`, { recursive: true });
    assertEquals(await snapshot(root), before);
  },
);
