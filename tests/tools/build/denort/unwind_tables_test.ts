import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { run } from "../../../helpers/command.ts";
import { missingProgram } from "../../../helpers/missing_program.ts";
import { BINARY } from "../../../helpers/vm.ts";
import { restoreRelro } from "../../../../tools/build/denort/unwind_tables.ts";
import { RUNTIME } from "../../../../tools/build/runtime.ts";

const LOAD = 1;
const EH_FRAME = 0x6474e550;
const RELRO = 0x6474e552;

/** Type, offset, address, and size in the file and in memory. */
type Header = readonly [number, number, number, number];

/** Makes a file with an ELF header and program headers. */
function makeElf(headers: readonly Header[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(64 + headers.length * 56);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0x20, 64n, true);
  view.setUint16(0x36, 56, true);
  view.setUint16(0x38, headers.length, true);
  for (const [index, [type, offset, address, size]] of headers.entries()) {
    const at = 64 + index * 56;
    view.setUint32(at, type, true);
    view.setUint32(at + 4, type === RELRO ? 4 : 6, true);
    for (
      const [place, value] of [[8, offset], [16, address], [32, size], [
        40,
        size,
      ]]
    ) {
      view.setBigUint64(at + place!, BigInt(value!), true);
    }
  }
  return bytes;
}

const BEFORE = makeElf([
  [LOAD, 0, 0, 0x900],
  [LOAD, 0x900, 0x1900, 0x300],
  [RELRO, 0x980, 0x1980, 0x100],
  [EH_FRAME, 0x700, 0x700, 0x200],
]);

Deno.test("restoreRelro() puts the header in the place of that of the unwind tables, where the data is now", () => {
  const after = makeElf([
    [LOAD, 0, 0, 0x700],
    [LOAD, 0x700, 0x1900, 0x300],
    [EH_FRAME, 0, 0x700, 0],
  ]);
  restoreRelro(BEFORE, after);
  assertEquals(
    after,
    makeElf([
      [LOAD, 0, 0, 0x700],
      [LOAD, 0x700, 0x1900, 0x300],
      [RELRO, 0x780, 0x1980, 0x100],
    ]),
  );
});

Deno.test("restoreRelro() changes nothing where the header is still there, or never was", () => {
  for (const before of [BEFORE, makeElf([[LOAD, 0, 0, 0x900]])]) {
    const after = before.slice();
    restoreRelro(before, after);
    assertEquals(after, before);
  }
});

Deno.test("restoreRelro() refuses what has no place for the header, or is loaded elsewhere", () => {
  const loads: Header[] = [[LOAD, 0, 0, 0x700], [LOAD, 0x700, 0x1900, 0x300]];
  assertThrows(
    () => restoreRelro(BEFORE, makeElf(loads)),
    Error,
    "read-only",
  );
  assertThrows(
    () => restoreRelro(BEFORE, makeElf([[LOAD, 0, 0x1000, 0x700]])),
    Error,
    "moves",
  );
});

const MISSING = missingProgram(["objcopy", "readelf"]);
if (MISSING !== undefined) {
  console.error(
    `The tests of the binary without unwind tables are skipped: they need "${MISSING}"`,
  );
}
const ignore = MISSING !== undefined || !RUNTIME.unwindTables;

Deno.test({
  name:
    "the compiled program has no unwind tables, but what a debugger needs, and read-only relocated data",
  ignore,
  fn: async () => {
    const { stdout } = await run("readelf", ["-lSW", BINARY]);
    assert(!/\.eh_frame/.test(stdout), stdout);
    assert(/\.debug_gdb_scripts\s/.test(stdout), stdout);
    const places = (type: string) =>
      [...stdout.matchAll(/^ *(\w+) +(0x\w+) (0x\w+) 0x/gm)]
        .filter((it) => it[1] === type).map((it) => `${it[2]} at ${it[3]}`);
    const [relro] = places("GNU_RELRO");
    assert(
      relro !== undefined && places("LOAD").includes(relro),
      "it begins where a segment does, in the file as in memory",
    );
  },
});

Deno.test({
  name: "the compiled program still names the reason of a panic",
  ignore,
  fn: async () => {
    const { code, stderr } = await run("sh", [
      "-c",
      'ulimit -n 4; exec "$0" --version',
      BINARY,
    ]);
    assert(code !== 0);
    assertStringIncludes(stderr, "panicked at ");
    assertStringIncludes(stderr, "Too many open files");
  },
});
