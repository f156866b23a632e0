import { assert, assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../../lib/clock.ts";
import { ProvisioningError } from "../../../lib/provisioning_error.ts";
import { isPool, putInPool } from "../../../lib/parts/telemetry/kvp_pool.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { testClock } from "../../helpers/test_clock.ts";
import { itemsIn, poolOf, recordOf } from "./_pool.ts";

const A = { key: "A", value: "one" };
const B = { key: "B", value: "two" };
const ANOTHERS = { key: "AA", value: "another program's" };

/** Puts items into a pool that has these bytes, and gives those that it has then. */
async function after(
  before: Uint8Array<ArrayBuffer>,
  items = [A, B],
): Promise<Uint8Array> {
  await using temp = await tempDir();
  const path = `${temp.path}/pool`;
  await Deno.writeFile(path, before, { mode: 0o644 });
  await putInPool(path, items, { clock: systemClock });
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o644);
  return await Deno.readFile(path);
}

const record = ({ key, value }: typeof A) => recordOf(key, value);

Deno.test("putInPool() adds records at the end, byte for byte the kernel's", async () => {
  assertEquals(await after(poolOf()), poolOf(record(A), record(B)));
  assertEquals(
    await after(poolOf(record(ANOTHERS))),
    poolOf(record(ANOTHERS), record(A), record(B)),
  );
});

Deno.test("putInPool() gives a key that is there its new value in its place, wherever it is", async () => {
  const old = recordOf("A", "an earlier boot's, and longer than the new one");
  assertEquals(
    await after(poolOf(old, record(ANOTHERS), old)),
    poolOf(record(A), record(ANOTHERS), record(A), record(B)),
  );
  assertEquals(
    await after(poolOf(record(A), record(B))),
    poolOf(record(A), record(B)),
    "a second run adds nothing",
  );
});

Deno.test("putInPool() finds a key among very many records", async () => {
  const many = Array.from({ length: 200 }, (_, i) => recordOf(`K${i}`, "v"));
  many[130] = recordOf("B", "old");
  const items = itemsIn(await after(poolOf(...many)));
  assertEquals(items.length, 201);
  assertEquals(items[130], B);
  assertEquals(items[200], A);
});

Deno.test("putInPool() overwrites a piece of a record that a crash left at the end", async () => {
  for (const length of [1, 511, 512, 2559]) {
    assertEquals(
      await after(
        poolOf(record(ANOTHERS), recordOf("X", "x").fill(120).slice(0, length)),
      ),
      poolOf(record(ANOTHERS), record(A), record(B)),
      `${length} bytes`,
    );
  }
  assertEquals(
    await after(poolOf(record(A), recordOf("X", "x").fill(120).slice(9)), [A]),
    poolOf(record(A), recordOf("X", "x").fill(120).slice(9)),
    "nothing is added, so nothing is overwritten",
  );
});

Deno.test("putInPool() waits for another program's lock, and no longer than a second", async () => {
  await using temp = await tempDir();
  const path = `${temp.path}/pool`;
  await Deno.writeFile(path, poolOf());
  const holder = new Deno.Command("flock", {
    args: ["--exclusive", path, "sh", "-c", "echo locked; exec cat"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = holder.stdout.getReader();
  await reader.read();

  const clock = testClock();
  const error = await assertRejects(
    () => putInPool(path, [A], { clock }),
    ProvisioningError,
    "another program has held its lock for 1000 ms",
  );
  assertEquals(error.key, "telemetry_not_written");
  assertEquals(clock.time, 1000);
  assertEquals(await Deno.readFile(path), poolOf());

  const stop = new AbortController();
  stop.abort(new Error("stopped"));
  await assertRejects(
    () => putInPool(path, [A], { clock: testClock(), signal: stop.signal }),
    Error,
    "stopped",
  );

  const written = putInPool(path, [A], { clock: systemClock });
  await holder.stdin.close();
  await written;
  await reader.cancel();
  await holder.status;
  assertEquals(await Deno.readFile(path), poolOf(record(A)));
});

Deno.test("putInPool() makes no pool, and says so", async () => {
  await using temp = await tempDir();
  const path = `${temp.path}/pool`;
  assertEquals(await isPool(path), false);
  await assertRejects(
    () => putInPool(path, [A], { clock: systemClock }),
    ProvisioningError,
    `Cannot write the telemetry to "${path}": `,
  );
  assertEquals(await isPool(path), false);
});

Deno.test("isPool() takes a file only: no link, no folder, no pipe", async () => {
  await using temp = await tempDir();
  const { path } = temp;
  await Deno.writeFile(`${path}/file`, poolOf());
  await Deno.symlink(`${path}/file`, `${path}/link`);
  const made = await new Deno.Command("mkfifo", { args: [`${path}/pipe`] })
    .output();
  assert(made.success);
  assertEquals(await isPool(`${path}/file`), true);
  for (const name of ["link", "pipe", "."]) {
    assertEquals(await isPool(`${path}/${name}`), false, name);
  }
});
