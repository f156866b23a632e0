import { assert, assertEquals } from "@std/assert";
import { DHCP_CLIENTS } from "../../lib/dhcp/clients.ts";
import { BOOTED_CLIENTS } from "../boot/_dhcp_clients.ts";
import { readPage, sectionOf } from "../docs/_pages.ts";
import { ROOT } from "../helpers/program.ts";

const NAMES = DHCP_CLIENTS.map(({ name }) => name);

/** The rows of a table in `image/dhcp_clients.sh`. */
async function shellTable(variable: string): Promise<string[][]> {
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", `. "$1"; printf '%s' "$${variable}"`, "sh", SHELL_FILE],
    clearEnv: true,
  }).output();
  return new TextDecoder().decode(stdout).split("\n")
    .map((line) => line.split("|"));
}

const SHELL_FILE = `${ROOT}image/dhcp_clients.sh`;

Deno.test("the shell has the clients that can be notified, in the same order, and a program of each", async () => {
  const rows = (await shellTable("known_dhcp_clients"))
    .filter(([, , notifier]) => notifier !== "");
  assertEquals(rows.map(([name]) => name), NAMES);
  for (const [index, [name, , notifier]] of rows.entries()) {
    assert(DHCP_CLIENTS[index]!.programs.includes(notifier!), name);
  }
});

Deno.test("generalize.sh forgets the leases that outlive a boot", async () => {
  const rows = await shellTable("known_leases");
  const samples = ["eth0.lease", "dhclient.eth0.leases"];
  for (const { name, leaseFiles } of DHCP_CLIENTS) {
    for (const { folder, names } of leaseFiles) {
      if (folder.startsWith("/run/")) continue;
      const patterns = rows.filter((row) =>
        row[0] === name && row[1] === folder
      )
        .flatMap((row) => row[2]!.split(" ")).map(globToRegExp);
      const read = samples.filter((sample) => names.test(sample));
      assert(
        read.some((sample) => patterns.some((it) => it.test(sample))),
        `${name} in ${folder}`,
      );
    }
  }
});

function globToRegExp(glob: string): RegExp {
  const parts = glob.split("*").map((it) => it.replaceAll(".", "\\."));
  return new RegExp(`^${parts.join(".*")}$`);
}

Deno.test("every client is booted", () => {
  assertEquals(BOOTED_CLIENTS.map(({ name }) => name), NAMES);
});

const SECTION = sectionOf(
  await readPage("docs/contributing.md"),
  "### Adding a DHCP client",
);

/** The files that docs/contributing.md says a new client touches; `NAME` stands for its name. */
const TOUCHED = [...SECTION.slice(SECTION.indexOf("\n1. ")).split("\n\n")[0]!
  .matchAll(/`([a-z_]+\/[\w./-]+)`/gi)]
  .map((match) => match[1]!);

/** Those that some clients have no word in. */
const OPTIONAL = ["units/openrc/azure-provisioning"];

/** A name as it is in file names, identifiers and prose alike. */
function bare(text: string): string {
  return text.toLowerCase().replaceAll(/[-_\\]/g, "");
}

function fileOf(path: string, name: string): string {
  const snake = name.replaceAll(/([a-z])([A-Z])/g, "$1_$2").replaceAll(
    "-",
    "_",
  );
  return path.replace("NAME", snake.toLowerCase());
}

Deno.test("docs/contributing.md lists the files that know a DHCP client", async () => {
  assert(TOUCHED.includes("lib/dhcp/clients/NAME.ts"));
  for (const { name, programs } of DHCP_CLIENTS) {
    for (const path of TOUCHED) {
      const text = bare(await Deno.readTextFile(ROOT + fileOf(path, name)));
      assert(
        OPTIONAL.includes(path) ||
          [name, ...programs].some((it) => text.includes(bare(it))),
        `${path} does not name ${name}`,
      );
    }
  }
});

/** What `--check` reads of the configuration of some clients, and of what they write. */
const READERS: readonly string[] = [
  "cards",
  "networkd",
  "nm",
  "ifupdown",
  "dhcp_daemons",
  "resolver",
  "interface_names",
  "mac_bound",
].map((name) => `image/${name}.sh`);

Deno.test("no other file of what is shipped names a DHCP client", async () => {
  for (const folder of ["lib", "image", "units"]) {
    for (const path of await filesIn(folder)) {
      const text = bare(await Deno.readTextFile(ROOT + path));
      for (const name of NAMES) {
        assert(
          !text.includes(bare(name)) ||
            path.startsWith("lib/dhcp/clients/") || TOUCHED.includes(path) ||
            READERS.includes(path),
          `${path} names ${name}`,
        );
      }
    }
  }
});

async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(ROOT + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await filesIn(path));
    else files.push(path);
  }
  return files;
}
