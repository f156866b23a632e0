import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../helpers/program.ts";
import { type InstallCase, installTest } from "./_case.ts";
import { BARE, elf, type Files, INITS, makeTree, snapshot } from "./_tree.ts";

/** What `check.sh` finds in the tree, by check. */
async function check(
  { root, run }: InstallCase,
): Promise<Record<string, { status: string; message: string }>> {
  const { stdout, stderr } = await run(
    [`${ROOT}image/check.sh`, "--root", root, "--json"],
    {},
    ["timeout", "-s", "KILL", "30"],
  );
  assertEquals(stderr, "");
  const all: { check: string; status: string; message: string }[] = JSON.parse(
    stdout,
  );
  return Object.fromEntries(all.map((it) => [it.check, it]));
}

/** Makes a folder of this machine, outside of any tree, without a blank in its path. */
async function outside(files: Files): Promise<AsyncDisposable & string[]> {
  const folder = await Deno.makeTempDir({
    prefix: "azure-provisioning-outside-",
  });
  await makeTree(folder, files);
  return Object.assign([folder], {
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  });
}

installTest(
  "a pattern in the loader's configuration is not expanded on this machine",
  async (given) => {
    await using folders = await outside({ "found/x": "" });
    const [folder] = folders;
    const { "usr/lib/x86_64-linux-gnu/libgcc_s.so.1": libgcc, ...bare } = BARE;
    const conf = (line: string): Files => ({
      [`${folder}/found/libgcc_s.so.1`.slice(1)]: libgcc!,
      "etc/ld.so.conf.d/x.conf": `# comment\n${line}\n`,
      // Not the tree's own, and no file.
      "etc/ld.so.conf.d/y.conf": `-> ${folder}/found/x`,
      "etc/ld.so.conf.d/z.conf/file": "",
    });
    for (
      const line of [`${folder}/*`, `${folder}/f[o]und`, `${folder}/?ound`]
    ) {
      await makeTree(given.root, bare, INITS["s6"]!, conf(line));
      const { code, stderr } = await given.install(["--dry-run"]);
      assertEquals(code, 78, line);
      assertStringIncludes(stderr, "libgcc_s.so.1 is missing");
      assertEquals((await check(given))["libraries"]!.status, "failure");
      await Deno.remove(given.root, { recursive: true });
    }
    await makeTree(given.root, bare, INITS["s6"]!, conf(`${folder}/found`));
    assertEquals((await given.install(["--dry-run"])).code, 0);
    await Deno.writeTextFile(
      `${given.root}/etc/ld.so.conf.d/x.conf`,
      `${folder}/found`,
    );
    assertEquals((await given.install(["--dry-run"])).code, 0);
  },
);

installTest(
  "a configuration of the loader's that walks over the whole disk ends soon",
  async (given) => {
    await makeTree(given.root, BARE, INITS["s6"]!, {
      "etc/ld.so.conf.d/x.conf": `${"/*".repeat(8)}\n`.repeat(20_000),
    });
    const started = performance.now();
    const { code, stderr } = await given.install(["--dry-run"]);
    assertEquals([code, stderr], [0, ""]);
    assert(performance.now() - started < 20_000);
  },
);

installTest(
  "a folder of a file's name that has a blank or a pattern in it is one folder",
  async (given) => {
    await makeTree(given.root, BARE, INITS["openrc"]!, {
      "etc/runlevels/a /usr/azure-init": "-> x",
      "etc/runlevels/*/azure-init": "-> x",
      "etc/runlevels/$(id)/azure-init": "-> x",
      "etc/runlevels/-rf/azure-init": "-> x",
    });
    const { code, stderr } = await given.install();
    assertEquals(code, 78);
    const remedy = stderr.split("\n").find((line) =>
      line.startsWith("  remedy: ")
    )!;
    const quoted = (name: string) =>
      `'${given.root.replaceAll("'", "'\\''")}/etc/runlevels/${name}'`;
    assertStringIncludes(remedy, `rm -- ${quoted("*/azure-init")}; `);
    assertStringIncludes(remedy, `rm -- ${quoted("$(id)/azure-init")}; `);
    assertStringIncludes(remedy, `rm -- ${quoted("-rf/azure-init")}`);
    assertEquals(remedy.includes("/usr/azure-init'"), false);
  },
);

installTest(
  "no link of a tree leads to a file of this machine that is read",
  async (given) => {
    await using folders = await outside({
      "wants/azure-init.service": "-> x",
      "wants/systemd-networkd.service": "-> x",
      "azure-init": "-> x",
      "S01azure-init": "-> x",
      "udf.conf": "blacklist udf\ninstall sr_mod /bin/true\n",
      "dhcp.network": "[Network]\nDHCP=yes\n",
      "sshd.conf": "PubkeyAuthentication no\n",
      "walinuxagent-1/x": "",
      "ssh_host_rsa_key": "key",
      "4.4.0/x": "",
      "S01azure-provisioning": "-> ../init.d/azure-provisioning",
    });
    const [folder] = folders;
    const links = (to: string): Files => ({
      "etc/systemd/system/multi-user.target.wants": `-> ${to}/wants`,
      "etc/systemd/system/x.requires": `-> ${to}/wants`,
      "etc/runlevels/default": `-> ${to}`,
      "etc/rc3.d": `-> ${to}`,
      "etc/rc.d": `-> ${to}`,
      "etc/runit/runsvdir": `-> ${to}`,
      "var/lib/pacman/local": `-> ${to}`,
      "etc/modprobe.d/x.conf": `-> ${to}/udf.conf`,
      "etc/systemd/network/x.network": `-> ${to}/dhcp.network`,
      "etc/ssh/sshd_config.d/x.conf": `-> ${to}/sshd.conf`,
      "lib/modules": `-> ${to}`,
      "usr/sbin/sshd": elf("x86_64"),
      "usr/bin/mount": elf("x86_64"),
      "etc/systemd/system/ssh.service": "ExecStartPre=/usr/bin/ssh-keygen -A\n",
    });
    const { lib: _, ...bare } = BARE;
    await makeTree(given.root, bare, INITS["systemd"]!, links("/nowhere"));
    const expected = await check(given);
    await Deno.remove(given.root, { recursive: true });
    await makeTree(given.root, bare, INITS["systemd"]!, links(folder!));
    const found = await check(given);
    const summary = (of: typeof found) =>
      Object.entries(of).map(([name, { status }]) => `${name} ${status}`);
    assertEquals(summary(found), summary(expected));
  },
);

installTest(
  "no link of a tree leads to a file of this machine that is changed",
  async (given) => {
    const out = `${given.dir}/out`;
    const files: Files = {
      "S01azure-provisioning": "-> ../init.d/azure-provisioning",
      "azure-provisioning": "mine",
      "boot-done": "mine",
      "inittab": "::respawn:/bin/sh\n",
      ".depend.start": "TARGETS = ssh\n",
      "lib/azure-provisioning/manifest": "init - s6\n",
    };
    await makeTree(out, files);
    const before = await snapshot(out);
    for (
      const [link, to] of [
        ["usr/local", out],
        ["etc/init.d", out],
        ["etc/rc2.d", out],
        ["etc/s6", out],
        ["var/lib/azure-provisioning", out],
        ["etc/inittab", `${out}/inittab`],
        ["etc/init.d/.depend.start", `${out}/.depend.start`],
      ] as const
    ) {
      const image = { ...INITS["sysv"], ...INITS["s6"], ...INITS["busybox"] };
      const kept = Object.entries(image).filter(([path]) =>
        !path.startsWith(`${link}/`)
      );
      await makeTree(given.root, BARE, Object.fromEntries(kept), {
        [link]: `-> ${to}`,
      });
      await given.install(["--force"]);
      await given.install(["--uninstall"]);
      await given.run([
        `${ROOT}image/generalize.sh`,
        "--root",
        given.root,
        "--yes",
      ]);
      assertEquals(await snapshot(out), before, link);
      await Deno.remove(given.root, { recursive: true });
    }
  },
);
