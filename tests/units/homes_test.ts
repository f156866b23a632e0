import { assertEquals } from "@std/assert";
import { type Machine, machineTest, SCRIPTS } from "./_machine.ts";
import { HOMES_DIRS } from "../../lib/parts/login/login_names.ts";

/** A machine without a folder of homes. */
interface Case {
  /** What else it has, to follow "on a machine". */
  readonly name: string;
  /** Files by their paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where /home leads, if it is a link. */
  readonly link?: string;
  /** The folders that are made, in their order. */
  readonly made: readonly string[];
}

const USERADD = "/etc/default/useradd";

const CASES: readonly Case[] = [
  { name: "with nothing of the kind", made: ["/home"] },
  {
    name: "whose /home leads to var/home",
    link: "var/home",
    made: ["/var/home"],
  },
  { name: "whose /home leads to /srv", link: "/srv", made: ["/srv"] },
  { name: "whose /home leads elsewhere", link: "/opt", made: [] },
  { name: "whose /home leads to itself", link: "/home", made: [] },
  {
    name: "whose /home leads out of a folder of homes",
    link: "/var/home/../../opt",
    made: [],
  },
  {
    name: "with HOME in useradd's file",
    files: {
      [USERADD]: "# HOME=/users\nHOME=/srv\nHOME=/usr/home/\nSHELL=x\n",
    },
    made: ["/home", "/usr/home"],
  },
  {
    name: "with HOME in the vendor's file",
    files: { "/usr/etc/default/useradd": "HOME=/export/home/a" },
    made: ["/home", "/export/home"],
  },
  {
    name: "with HOME in both files",
    files: { [USERADD]: "HOME=\n", "/usr/etc/default/useradd": "HOME=/users" },
    made: ["/home"],
  },
  ...["/opt/home", "home", "*", "$(mkdir /opt)", "/users2", "/", " /users"]
    .map((home): Case => ({
      name: `with HOME=${home}`,
      files: { [USERADD]: `HOME=${home}\n` },
      made: ["/home"],
    })),
  {
    name: "whose HOME leads out of a folder of homes",
    files: { [USERADD]: "HOME=/srv/../opt\n" },
    made: ["/home", "/srv"],
  },
  {
    name: "whose useradd's file has no end",
    files: { [USERADD]: `${"#".repeat(70_000)}\nHOME=/users\n` },
    made: ["/home"],
  },
];

for (const { name, files = {}, link, made } of CASES) {
  machineTest(`homes: on a machine ${name}`, async (machine) => {
    for (const [path, text] of Object.entries(files)) {
      await machine.put(path, text);
    }
    if (link !== undefined) await Deno.symlink(link, `${machine.root}/home`);
    const labels = await logLabels(machine);
    const { code, stdout } = await machine.run(`${SCRIPTS}/homes`);
    assertEquals(code, 0);
    assertEquals(
      stdout,
      made.map((folder) => `Created the folder "${folder}"\n`).join(""),
    );
    const found: string[] = [];
    for (const folder of [...HOMES_DIRS, "/opt"]) {
      const path = `${machine.root}${folder}`;
      const info = await Deno.lstat(path).catch(() => undefined);
      if (info?.isDirectory !== true) continue;
      assertEquals([info.mode! & 0o7777, info.uid, info.gid], [0o755, 0, 0]);
      found.push(folder);
    }
    assertEquals(found.toSorted(), made.toSorted());
    assertEquals(await labels(), made);
    // And once more, with nothing left to do.
    assertEquals((await machine.run(`${SCRIPTS}/homes`)).stdout, "");
  });
}

machineTest("homes: what is in the way stays", async (machine) => {
  await machine.put("/home", "a file");
  const { code, stdout } = await machine.run(`${SCRIPTS}/homes`);
  assertEquals([code, stdout], [0, ""]);
  assertEquals(await machine.read("/home"), "a file");
});

/** Puts a restorecon on a machine that notes what it is asked for. */
async function logLabels(machine: Machine): Promise<() => Promise<string[]>> {
  await machine.put(
    "/usr/local/bin/restorecon",
    '#!/bin/sh\necho "$*" >>/labels\n',
  );
  return async () =>
    (await machine.read("/labels")).split("\n").filter((line) => line !== "");
}
