import { assertEquals } from "@std/assert";
import { DENO_FLAGS } from "../../helpers/program.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { itemsIn } from "./_pool.ts";

/** How many records each process adds. */
const COUNT = 40;

/** A writer like cloud-init's, but for its records in two pieces: without the lock, others' would come between. */
const IN_PERL = `
  use Fcntl qw(:flock);
  my ($path, $name, $count) = @ARGV;
  for my $i (0 .. $count - 1) {
    open(my $pool, ">>", $path) or die "$!";
    flock($pool, LOCK_EX) or die "$!";
    syswrite($pool, pack("a512", "$name-$i")) == 512 or die "$!";
    select(undef, undef, undef, 0.001);
    syswrite($pool, pack("a2048", "$name-$i." x 40)) == 2048 or die "$!";
    close($pool);
    select(undef, undef, undef, 0.004);
  }`;

/** A writer under flock(1), in pieces as well. */
const IN_SHELL = `
  i=0
  while [ "$i" -lt "$3" ]; do
    record="$1.$2"
    perl -e 'print pack("a512a2048", "$ARGV[0]-$ARGV[1]", "$ARGV[0]-$ARGV[1]." x 40)' "$2" "$i" >"$record"
    flock --exclusive "$1" sh -c 'head -c 700 "$1" >>"$2"; tail -c +701 "$1" >>"$2"' - "$record" "$1"
    i=$((i + 1))
  done`;

Deno.test("many processes add to a pool at once, and no record is torn, lost or double", async () => {
  await using temp = await tempDir();
  const path = `${temp.path}/pool`;
  await Deno.writeFile(path, new Uint8Array());
  const writers = [
    ...["deno-1", "deno-2", "deno-3"].map((name) => ({
      name,
      command: new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--allow-read",
          "--allow-write",
          ...DENO_FLAGS,
          new URL("_add_records.ts", import.meta.url).pathname,
          path,
          name,
          `${COUNT}`,
        ],
      }),
    })),
    ...["perl-1", "perl-2"].map((name) => ({
      name,
      command: new Deno.Command("perl", {
        args: ["-e", IN_PERL, path, name, `${COUNT}`],
      }),
    })),
    {
      name: "shell-1",
      command: new Deno.Command("sh", {
        args: ["-euc", IN_SHELL, "-", path, "shell-1", `${COUNT}`],
      }),
    },
  ];
  const ends = await Promise.all(
    writers.map(({ command }) => command.output()),
  );
  for (const { success, stderr } of ends) {
    assertEquals(success, true, new TextDecoder().decode(stderr));
  }

  const items = itemsIn(await Deno.readFile(path));
  const expected = writers.flatMap(({ name }) =>
    Array.from({ length: COUNT }, (_, i) => ({
      key: `${name}-${i}`,
      value: `${name}-${i}.`.repeat(40),
    })).concat(
      name.startsWith("deno")
        ? [{
          key: `${name}-last`,
          value: `${name}-${COUNT - 1}.`.repeat(40),
        }]
        : [],
    )
  );
  const byKey = (a: { key: string }, b: { key: string }) =>
    a.key < b.key ? -1 : 1;
  assertEquals(items.sort(byKey), expected.sort(byKey));
});
