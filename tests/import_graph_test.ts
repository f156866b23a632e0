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

/** The rooms of lib that the platform's bytes pass through, and what each may import. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  simulator: [],
  xml: [],
  http: ["log"],
  imds: ["http"],
  media: ["files", "imds", "xml"],
  wireserver: ["http", "xml"],
};

const IMPORT_REGEXP =
  /^(?:import|export)\s(?!type\b)[^;"]*?\bfrom "(\..+?)";|\bimport\(\s*"(\..+?)"/gm;
const ANY_IMPORT_REGEXP = /\bfrom "(\..+?)";|\bimport\(\s*"(\..+?)"/g;

/** What reaches the machine or the network: time, chance and the rest come as arguments. */
const IO_REGEXP =
  /\b(?:Deno\.|fetch\(|console\.|performance\.|setTimeout\(|Date\.now\(|new Date\(\)|Math\.random\()/;

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
    for await (const { name } of Deno.readDir(`${ROOT}lib/${room}`)) {
      for (
        const path of await importsOf(`lib/${room}/${name}`, ANY_IMPORT_REGEXP)
      ) {
        const [, target = "", ...rest] = path.split("/");
        if (rest.length === 0) {
          // A file of lib itself belongs to no room.
          assert(room !== "simulator", `"${name}" imports "${path}"`);
          continue;
        }
        assert(
          [room, ...allowed].includes(target),
          `"${name}" imports "${path}"`,
        );
      }
    }
  });
}

Deno.test("the graph of what is not pure has I/O in it", async () => {
  const graph = await graphOf("lib/wireserver/fetch_goal_state.ts");
  assert(graph.has("lib/http/exchange.ts"));
  assert(IO_REGEXP.test(codeOf(await textOf("lib/http/exchange.ts"))));
});
