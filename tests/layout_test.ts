import { assert, assertEquals } from "@std/assert";
import { ROOT } from "./helpers/program.ts";

/** Modules that turn values into values: they, and all that they import, do no I/O. */
const PURE = [
  "lib/escape_unprintable.ts",
  "lib/http/encode_request.ts",
  "lib/http/failure.ts",
  "lib/http/response_reader.ts",
  "lib/http/retry_policy.ts",
  "lib/imds/instance.ts",
  "lib/media/fill_in.ts",
  "lib/parts/hostname/host_name.ts",
  "lib/vm_id.ts",
  "lib/wireserver/goal_state.ts",
  "lib/wireserver/health_report.ts",
  "lib/xml/parse_xml.ts",
];

/** The rooms of lib, and the rooms that each may import: none above it, and so no circles. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  cli: [
    "dhcp",
    "files",
    "host",
    "http",
    "imds",
    "log",
    "network",
    "parts",
    "record",
    "simulator",
    "state",
    "status",
    "wireserver",
  ],
  provision: [
    "dhcp",
    "files",
    "host",
    "http",
    "imds",
    "log",
    "media",
    "network",
    "parts",
    "record",
    "state",
    "wireserver",
  ],
  status: ["parts", "record"],
  parts: ["dhcp", "files", "host", "imds", "log", "record"],
  record: ["files", "http", "log"],
  state: ["files", "log"],
  dhcp: ["files", "http"],
  network: ["host", "http"],
  wireserver: ["http", "xml"],
  media: ["files", "imds", "xml"],
  imds: ["http", "log"],
  http: ["log"],
  files: [],
  host: [],
  log: [],
  xml: [],
  simulator: [],
};

const IMPORT_REGEXP =
  /^(?:import|export)\s(?!type\b)[^;"]*?\bfrom "(\..+?)";|\bimport\(\s*"(\..+?)"/gm;
const ANY_IMPORT_REGEXP = /\bfrom "(\..+?)";|\bimport\(\s*"(\..+?)"/g;

/** What reaches the machine or the network: time, chance and the rest come as arguments. */
const IO_REGEXP =
  /\b(?:Deno\.|fetch\(|console\.|performance\.|setTimeout\(|AbortSignal\.timeout|Date\.now\(|new Date\(\)|Math\.random\()/;

const texts = new Map<string, string>();

async function textOf(path: string): Promise<string> {
  const known = texts.get(path) ?? await Deno.readTextFile(`${ROOT}${path}`);
  texts.set(path, known);
  return known;
}

/** The files that a file imports, by their paths from the root. */
async function importsOf(path: string, regexp: RegExp): Promise<string[]> {
  return [...(await textOf(path)).matchAll(regexp)].map((match) =>
    new URL(match[1] ?? match[2]!, `file:///${path}`).pathname.slice(1)
  );
}

/** A file, and all that it loads. */
async function graphOf(path: string): Promise<Set<string>> {
  const graph = new Set([path]);
  for (const file of graph) {
    for (const imported of await importsOf(file, IMPORT_REGEXP)) {
      graph.add(imported);
    }
  }
  return graph;
}

function codeOf(text: string): string {
  return text.replaceAll(/\/\*.*?\*\/|\/\/.*$/gms, "");
}

for (const path of PURE) {
  Deno.test(`${path} imports nothing that does I/O`, async () => {
    for (const file of await graphOf(path)) {
      const found = IO_REGEXP.exec(codeOf(await textOf(file)))?.[0];
      assertEquals(found, undefined, `"${file}" uses ${found}`);
    }
  });
}

for (const [room, allowed] of Object.entries(ROOMS)) {
  Deno.test(`lib/${room} imports no room but ${allowed.join(", ") || "itself"}`, async () => {
    for (const file of await modulesIn(`lib/${room}`)) {
      for (const path of await importsOf(file, ANY_IMPORT_REGEXP)) {
        const [folder, target = "", ...rest] = path.split("/");
        assertEquals(folder, "lib", `"${file}" imports "${path}"`);
        if (rest.length === 0) {
          // A file of lib itself belongs to no room.
          assert(room !== "simulator", `"${file}" imports "${path}"`);
          continue;
        }
        assert(
          [room, ...allowed].includes(target),
          `"${file}" imports "${path}"`,
        );
      }
    }
  });
}

Deno.test("the list of rooms is that of the folders of lib, and nothing in it goes up", async () => {
  const folders = await Array.fromAsync(Deno.readDir(`${ROOT}lib`));
  assertEquals(
    folders.filter(({ isDirectory }) => isDirectory).map(({ name }) => name)
      .sort(),
    Object.keys(ROOMS).sort(),
  );
  const order = Object.keys(ROOMS);
  for (const [room, allowed] of Object.entries(ROOMS)) {
    for (const below of allowed) {
      assert(order.indexOf(below) > order.indexOf(room), `${room}: ${below}`);
    }
  }
});

Deno.test("nothing in tools imports tests", async () => {
  for (const file of await modulesIn("tools")) {
    for (const path of await importsOf(file, ANY_IMPORT_REGEXP)) {
      assert(!path.startsWith("tests/"), `"${file}" imports "${path}"`);
    }
  }
});

Deno.test("the graph of what is not pure has I/O in it", async () => {
  const graph = await graphOf("lib/wireserver/fetch_goal_state.ts");
  assert(graph.has("lib/http/exchange.ts"));
  assert(IO_REGEXP.test(codeOf(await textOf("lib/http/exchange.ts"))));
});

async function modulesIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) paths.push(...await modulesIn(path));
    else if (name.endsWith(".ts")) paths.push(path);
  }
  return paths;
}

Deno.test("nothing but the simulator uses setTimeout, which Deno compiles from source since 2.9", async () => {
  const rooms = Object.keys(ROOMS).filter((room) => room !== "simulator");
  const files = await Promise.all(
    rooms.map((room) => modulesIn(`lib/${room}`)),
  );
  for (const file of files.flat()) {
    const found = /\b(?:set|clear)(?:Timeout|Interval)\(/.exec(
      codeOf(await textOf(file)),
    );
    assertEquals(found?.[0], undefined, `"${file}": use lib/after.ts`);
  }
});
