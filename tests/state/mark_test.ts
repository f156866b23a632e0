import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ExitCode, ProvisioningError } from "../../lib/provisioning_error.ts";
import {
  formatMark,
  type Mark,
  markPath,
  ownerOf,
  type Ownership,
  parseMark,
  readMark,
  type VmIdentity,
  writeMark,
} from "../../lib/state/mark.ts";
import { makePipe } from "../helpers/make_pipe.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const ID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
const AT = { at: "2026-01-02T03:04:05.678Z", version: "1.2.3" };

for (
  const [what, mark] of [
    ["both ids", { ...AT, vmId: ID, instanceId: "i._1" }],
    ["the VM's id", { ...AT, vmId: ID }],
    ["the role instance", { ...AT, instanceId: "i._1" }],
    ["no id", AT],
  ] as readonly (readonly [string, Mark])[]
) {
  Deno.test(`parseMark() reads what formatMark() wrote with ${what}`, () => {
    const text = formatMark(mark);
    assertEquals(parseMark(text), mark);
    assertEquals(text.endsWith("}\n"), true);
  });
}

Deno.test("parseMark() takes what it does not know, and leaves it out", () => {
  assertEquals(parseMark(JSON.stringify({ ...AT, vmId: ID, new: 1 })), {
    ...AT,
    vmId: ID,
  });
});

Deno.test("parseMark() takes an id that is none for absent", () => {
  for (const id of ["", 1, null, {}]) {
    assertEquals(parseMark(JSON.stringify({ ...AT, vmId: id })), AT);
    assertEquals(parseMark(JSON.stringify({ ...AT, instanceId: id })), AT);
  }
});

Deno.test("parseMark() takes a vmId that many VMs may have for absent", () => {
  for (
    const vmId of [
      "00000000-0000-0000-0000-000000000000",
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "Not Settable",
      `${ID}0`,
    ]
  ) {
    const text = JSON.stringify({ ...AT, vmId, instanceId: "i._1" });
    assertEquals(parseMark(text), { ...AT, instanceId: "i._1" });
  }
});

for (
  const text of [
    "",
    " ",
    "done",
    "null",
    "1",
    '"x"',
    "[]",
    "{}",
    '{"at": "x"}',
    '{"version": "x"}',
    '{"at": 1, "version": "x"}',
    '{"at": "x", "version": null}',
    formatMark(AT).slice(0, -5),
    "\0\0\0\0",
  ]
) {
  Deno.test(`parseMark() finds no mark in ${JSON.stringify(text)}`, () => {
    assertEquals(parseMark(text), undefined);
  });
}

const MARK_A = { vmId: "id", instanceId: "i._1" };

const OWNERS: readonly (readonly [
  mark: VmIdentity,
  vm: VmIdentity,
  Ownership,
])[] = [
  // The VM's id decides where there are two, whatever the role instances are.
  [{ vmId: "id" }, { vmId: "id" }, "same"],
  [{ vmId: "ID-a" }, { vmId: "id-A" }, "same"],
  [MARK_A, { vmId: "id", instanceId: "i._2" }, "same"],
  [{ vmId: "id" }, { vmId: "other" }, "another"],
  [{ vmId: "id" }, { vmId: "id2" }, "another"],
  [MARK_A, { vmId: "other", instanceId: "i._1" }, "another"],
  // Where one is missing, the role instance does.
  [MARK_A, { instanceId: "i._1" }, "same"],
  [MARK_A, { instanceId: "I._1" }, "same"],
  [MARK_A, { instanceId: "i._2" }, "another"],
  [{ instanceId: "i._1" }, { vmId: "id", instanceId: "i._1" }, "same"],
  [{ instanceId: "i._1" }, { vmId: "id", instanceId: "i._11" }, "another"],
  // Neither can be compared.
  [{ vmId: "id" }, {}, "unknown"],
  [{ vmId: "id" }, { vmId: undefined, instanceId: undefined }, "unknown"],
  [{ vmId: "id" }, { instanceId: "id" }, "unknown"],
  [{ instanceId: "id" }, { vmId: "id" }, "unknown"],
  [{}, { vmId: "id", instanceId: "i._1" }, "unknown"],
  [MARK_A, {}, "unknown"],
  [{}, {}, "unknown"],
];

for (const [mark, vm, owner] of OWNERS) {
  const [markText, vmText] = [mark, vm].map((it) =>
    `${it.vmId ?? "no id"} and ${it.instanceId ?? "no instance"}`
  );
  const keys = Object.keys(vm).join();
  Deno.test(`ownerOf() is "${owner}" for a mark of ${markText} on a VM of ${vmText} (${keys})`, () => {
    assertEquals(ownerOf({ ...AT, ...mark } as Mark, vm), owner);
  });
}

const MARK = {
  vmId: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
  instanceId: "i._1",
  at: "2026-01-02T03:04:05.678Z",
  version: "1.2.3",
};

const ANOTHER = "a0000000-0000-4000-8000-000000000001";

Deno.test("readMark() reads what writeMark() wrote, in a folder that it makes", async () => {
  await using dir = await tempDir();
  const stateDir = `${dir.path}/state`;
  writeMark(stateDir, MARK);
  assertEquals(readMark(stateDir), { kind: "mark", mark: MARK });
  assertEquals(markPath(stateDir), `${stateDir}/provisioned.json`);
  const { mode } = await Deno.stat(markPath(stateDir));
  assertEquals(mode! & 0o777, 0o644);
  const entries = await Array.fromAsync(Deno.readDir(stateDir));
  assertEquals(entries.map(({ name }) => name), ["provisioned.json"]);
});

Deno.test("writeMark() replaces an earlier mark", async () => {
  await using dir = await tempDir();
  writeMark(dir.path, MARK);
  writeMark(dir.path, { ...MARK, vmId: ANOTHER });
  const found = readMark(dir.path);
  assertEquals(found.kind === "mark" && found.mark.vmId, ANOTHER);
});

Deno.test("readMark() finds none where there is no file, and no folder", async () => {
  await using dir = await tempDir();
  assertEquals(readMark(dir.path), { kind: "none" });
  assertEquals(readMark(`${dir.path}/no`), { kind: "none" });
});

for (const text of ["", "garbled", "{}", '{"at": "x"']) {
  Deno.test(`readMark() says that ${JSON.stringify(text)} is no mark`, async () => {
    await using dir = await tempDir();
    await Deno.writeTextFile(markPath(dir.path), text);
    assertEquals(readMark(dir.path), {
      kind: "unreadable",
      reason: `"${dir.path}/provisioned.json" is not a mark of this program`,
    });
  });
}

Deno.test("readMark() says of a folder, and of a pipe that nobody writes, that it is not a file", async () => {
  await using dir = await tempDir();
  const path = markPath(dir.path);
  const expected = {
    kind: "unreadable",
    reason: `Cannot read "${path}": it is not a file`,
  } as const;
  await Deno.mkdir(path);
  assertEquals(readMark(dir.path), expected);
  await Deno.remove(path);
  await makePipe(path);
  assertEquals(readMark(dir.path), expected);
});

Deno.test("readMark() takes no mark that is over 64 KiB, however it goes on", async () => {
  await using dir = await tempDir();
  const path = markPath(dir.path);
  await Deno.writeTextFile(path, JSON.stringify(MARK).padEnd(65_537));
  assertEquals(readMark(dir.path), {
    kind: "unreadable",
    reason: `Cannot read "${path}": it is over 65536 bytes`,
  });
  await Deno.writeTextFile(path, JSON.stringify(MARK).padEnd(65_536));
  assertEquals(readMark(dir.path), { kind: "mark", mark: MARK });
});

Deno.test("readMark() says why it cannot read", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  const noFolder = readMark(`${dir.path}/file`);
  assert(noFolder.kind === "unreadable");
  assertMatch(noFolder.reason, /^Cannot read ".*\/file\/provisioned\.json": /);
});

Deno.test("writeMark() says that the VM is ready all the same if it cannot write", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(`${dir.path}/file`, "");
  for (const stateDir of [`${dir.path}/file`, `${dir.path}/file/state`]) {
    const error = assertThrows(
      () => writeMark(stateDir, MARK),
      ProvisioningError,
      "the VM is ready, but the next boot provisions again",
    );
    assertEquals(error.key, "mark_not_written");
    assertEquals(error.exitCode, ExitCode.cannotCreate);
  }
});
