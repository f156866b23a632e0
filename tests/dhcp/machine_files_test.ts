import { assertEquals } from "@std/assert";
import { machineFiles, textsIn } from "../../lib/dhcp/machine_files.ts";
import { type TempDir, tempDir } from "../helpers/temp_dir.ts";

const LARGEST = 256 * 1024;

async function write(root: TempDir, path: string, text: string): Promise<void> {
  const file = `${root.path}${path}`;
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(file, text);
}

Deno.test("machineFiles() finds nothing where nothing is", async () => {
  await using root = await tempDir();
  const files = machineFiles(root.path);
  assertEquals([files.names("/run"), files.text("/run/x")], [[], undefined]);
});

Deno.test("machineFiles() reads no file that is too large, and nothing that is no file", async () => {
  await using root = await tempDir();
  await write(root, "/etc/larger", "x".repeat(LARGEST + 1));
  await write(root, "/etc/largest", "x".repeat(LARGEST));
  await write(root, "/etc/folder/file", "");
  await Deno.symlink("/dev/null", `${root.path}/etc/device`);
  const files = machineFiles(root.path);
  assertEquals(files.names("/etc"), ["device", "folder", "larger", "largest"]);
  assertEquals(
    textsIn(files, "/etc").map(({ name, text }) => [
      name,
      text.length,
    ]),
    [["largest", LARGEST]],
  );
});

Deno.test("machineFiles() keeps no more than 1000 names of a folder", async () => {
  await using root = await tempDir();
  for (let file = 0; file < 1010; file++) {
    await write(root, `/run/dhcpcd/${file}`, "");
  }
  assertEquals(machineFiles(root.path).names("/run/dhcpcd").length, 1000);
});

Deno.test("textsIn() reads the files with the wanted names, in their order, and no more than 64", async () => {
  await using root = await tempDir();
  const files = machineFiles(root.path);
  for (const name of ["b.lease", "a.lease", "random-seed"]) {
    await write(root, `/leases/${name}`, name);
  }
  assertEquals(textsIn(files, "/leases", /\.lease$/), [
    { name: "a.lease", text: "a.lease" },
    { name: "b.lease", text: "b.lease" },
  ]);
  for (let file = 0; file < 70; file++) await write(root, `/many/${file}`, "");
  assertEquals(textsIn(files, "/many").length, 64);
});
