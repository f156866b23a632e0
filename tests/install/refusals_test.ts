import { assertEquals, assertStringIncludes } from "@std/assert";
import { makePipe } from "../helpers/make_pipe.ts";
import { installTest } from "./_case.ts";
import {
  BARE,
  elf,
  type Files,
  glibc,
  INITS,
  makeTree,
  snapshot,
} from "./_tree.ts";

const LIBC = "usr/lib/x86_64-linux-gnu/libc.so.6";

/** Trees that the program must not be put into, and why. */
const REFUSED: readonly {
  readonly name: string;
  readonly files?: Files;
  readonly without?: readonly string[];
  readonly code: number;
  readonly says: readonly string[];
}[] = [
  {
    name: "a tree for another architecture",
    files: { "usr/bin/dash": elf("aarch64") },
    code: 78,
    says: ["is for x86_64", "is aarch64", "--target aarch64-unknown-linux-gnu"],
  },
  {
    name: "an old glibc, by its words",
    files: { [LIBC]: glibc("2.24") },
    code: 78,
    says: ["has glibc 2.24, and the program needs 2.27", "Debian 10"],
  },
  {
    name: "an old glibc, by its name",
    files: {
      [LIBC]: "-> libc-2.17.so",
      "usr/lib/x86_64-linux-gnu/libc-2.17.so": elf("x86_64"),
    },
    code: 78,
    says: ["has glibc 2.17"],
  },
  {
    name: "a tree with musl only",
    files: { "usr/lib/ld-musl-x86_64.so.1": elf("x86_64") },
    without: [LIBC],
    code: 78,
    says: ["has musl and no glibc: the program cannot run on it"],
  },
  {
    name: "a tree without glibc for this architecture",
    files: { [LIBC]: elf("aarch64") },
    code: 78,
    says: ["has no glibc for x86_64", "apt-get install libc6"],
  },
  {
    name: "a glibc in a place of its own",
    without: ["usr/lib64/ld-linux-x86-64.so.2"],
    code: 78,
    says: ["not its loader at /lib64/ld-linux-x86-64.so.2", "patchelf"],
  },
  {
    name: "a missing libgcc_s.so.1",
    without: ["usr/lib/x86_64-linux-gnu/libgcc_s.so.1"],
    code: 78,
    says: ["libgcc_s.so.1 is missing", "apt-get install libgcc-s1"],
  },
  {
    name: "another missing library",
    without: ["usr/lib/x86_64-linux-gnu/librt.so.1"],
    code: 78,
    says: ["libraries are missing: librt.so.1"],
  },
  {
    name: "a tree without a DHCP client",
    without: ["usr/sbin/dhclient"],
    code: 78,
    says: ["no DHCP client is installed", "or go on with --force"],
  },
  {
    name: "a file of somebody else in its place",
    files: { "usr/local/bin/azure-provisioning": "mine\n" },
    code: 73,
    says: ["usr/local/bin/azure-provisioning exists", "--force"],
  },
  {
    name: "a folder in the program's place",
    files: { "usr/local/bin/azure-provisioning/mine": "mine\n" },
    code: 73,
    says: ["usr/local/bin/azure-provisioning exists, and is not a file"],
  },
  {
    name: "a masked unit",
    files: {
      "etc/systemd/system/azure-provisioning.service": "-> /dev/null",
      "dev/null": "",
    },
    code: 73,
    says: [
      "azure-provisioning.service is a symbolic link, such as one that masks",
    ],
  },
  {
    name: "a tree with the Azure Linux Agent's package",
    files: {
      "usr/sbin/waagent": "#!/usr/bin/python3\n",
      "var/lib/dpkg/status":
        "Package: dash\nStatus: install ok installed\n\nPackage: walinuxagent\nStatus: install ok installed\nVersion: 2\n\n",
    },
    code: 78,
    says: [
      "Azure Linux Agent, package walinuxagent",
      "apt-get purge walinuxagent",
      "--force",
    ],
  },
  {
    name: "a tree with cloud-init",
    files: { "usr/bin/cloud-init": "#!/usr/bin/python3\n" },
    code: 78,
    says: ["cloud-init", "remove cloud-init", "/etc/cloud/cloud-init.disabled"],
  },
  {
    name: "a tree with azure-init enabled",
    files: {
      "usr/lib/systemd/system/azure-init.service":
        "[Service]\nExecStart=/usr/bin/azure-init\n",
      "etc/systemd/system/multi-user.target.wants/azure-init.service":
        "-> /usr/lib/systemd/system/azure-init.service",
    },
    code: 78,
    says: ["azure-init", "systemctl --root=", "disable azure-init.service"],
  },
  {
    name: "a tree with afterburn's check-in enabled",
    files: {
      "usr/bin/afterburn": elf("x86_64"),
      "etc/systemd/system/multi-user.target.wants/afterburn-checkin.service":
        "-> /usr/lib/systemd/system/afterburn-checkin.service",
    },
    code: 78,
    says: ["afterburn", "disable afterburn-checkin.service"],
  },
];

for (const { name, files, without, code, says } of REFUSED) {
  installTest(
    `refuses ${name}, and touches nothing`,
    async ({ root, install }) => {
      const tree: Record<string, Files[string]> = {
        ...BARE,
        ...INITS["systemd"],
        ...files,
      };
      for (const path of without ?? []) delete tree[path];
      await makeTree(root, tree);
      const before = await snapshot(root);
      const result = await install();
      assertEquals(result.code, code, result.stderr);
      for (const words of says) assertStringIncludes(result.stderr, words);
      assertEquals(await snapshot(root), before);
    },
  );
}

installTest(
  "--force does not help where the program cannot run",
  async ({ root, install }) => {
    await makeTree(root, BARE, INITS["systemd"]!, { [LIBC]: glibc("2.24") });
    assertEquals((await install(["--force"])).code, 78);
  },
);

installTest(
  "warns of a tree without a program that sets the host name",
  async ({ root, install }) => {
    const { "usr/bin/hostname": _, ...bare } = BARE;
    await makeTree(root, bare, INITS["systemd"]!);
    const { code, stderr } = await install();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "takes effect at the second boot");
  },
);

installTest(
  "says of a tree for another architecture nothing but that, where it has all else",
  async ({ root, install }) => {
    const tree: Record<string, Files[string]> = {};
    for (const [path, file] of Object.entries(BARE)) {
      tree[path.replace("x86_64-linux-gnu", "aarch64-linux-gnu")] =
        file instanceof Uint8Array ? elf("aarch64", "\0GLIBC_2.36\0") : file;
    }
    await makeTree(root, tree, INITS["systemd"]!, {
      "usr/lib/ld-linux-aarch64.so.1": elf("aarch64"),
    });
    const { code, stderr } = await install();
    assertEquals(code, 78);
    assertEquals(stderr.match(/^Error: .*/gm)?.length, 1, stderr);
    assertStringIncludes(stderr, "is for x86_64, but");
  },
);

installTest("tells all that is wrong at once", async ({ root, install }) => {
  const { "usr/sbin/dhclient": _, ...bare } = BARE;
  await makeTree(root, bare, INITS["systemd"]!, {
    [LIBC]: glibc("2.24"),
    "usr/bin/cloud-init": "#!/usr/bin/python3\n",
  });
  const { stderr } = await install();
  for (const words of ["glibc 2.24", "no DHCP client", "cloud-init"]) {
    assertStringIncludes(stderr, words);
  }
});

installTest(
  "names the inits that there are where none is found",
  async ({ root, install }) => {
    await makeTree(root, BARE);
    const { code, stderr } = await install();
    assertEquals(code, 78);
    assertStringIncludes(
      stderr,
      Object.keys(INITS).sort().join(" "),
    );
  },
);

installTest(
  "a pipe or a folder where lines would be added stays, and nothing is installed",
  async (given) => {
    const { root } = given;
    const inittab = `${root}/etc/inittab`;
    await makeTree(root, BARE, INITS["busybox"]!);
    await Deno.remove(inittab).catch(() => {});
    for (const make of [makePipe, Deno.mkdir]) {
      await make(inittab);
      const { code, stderr } = await given.install(["--init", "busybox"]);
      assertEquals(code, 73);
      assertStringIncludes(stderr, "etc/inittab exists, and is not a file");
      assertEquals((await Deno.lstat(inittab)).isFile, false);
      assertEquals(
        await Deno.stat(`${root}/usr/local/lib`).catch(() => undefined),
        undefined,
      );
      await Deno.remove(inittab);
    }
  },
);
