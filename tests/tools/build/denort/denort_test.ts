import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  findDenort,
  type FindDenortOptions,
} from "../../../../tools/build/denort/denort.ts";
import { knownVersion } from "../../../../tools/build/denort/npm_denort.ts";
import { makeElf, makeTar, temporaryFolder } from "../../_fixtures.ts";

type Answer = (path: string, method: string) => Response | Promise<Response>;

const NOTHING: Answer = () => new Response(null, { status: 404 });

/** Plays both sites on the loopback and asks for a denort. */
async function find(
  answer: Answer,
  folder: string,
  options: Partial<FindDenortOptions> = {},
): Promise<string | undefined> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url, method }) => answer(new URL(url).pathname, method),
  );
  const site = `http://127.0.0.1:${server.addr.port}`;
  return await findDenort({
    target: "x86_64-unknown-linux-gnu",
    version: knownVersion,
    denoDir: `${folder}/deno`,
    official: `${site}/official`,
    registry: `${site}/npm/`,
    cache: `${folder}/cache/azure-provisioning`,
    onDownload() {},
    ...options,
  });
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Response(await new Response(stream).bytes());
}

Deno.test("findDenort() leaves the official denort to deno compile", async () => {
  await using folder = await temporaryFolder();
  const asked: string[] = [];
  const found = await find((path, method) => {
    asked.push(`${method} ${path}`);
    return new Response();
  }, folder.path);
  assertEquals(found, undefined);
  assertEquals(asked, [
    "HEAD /official/release/v2.7.11/denort-x86_64-unknown-linux-gnu.zip",
  ]);
});

Deno.test("findDenort() asks nobody when Deno has the official denort already", async () => {
  await using folder = await temporaryFolder();
  const release = `${folder.path}/deno/dl/release/v2.7.11`;
  await Deno.mkdir(release, { recursive: true });
  await Deno.writeTextFile(
    `${release}/denort-x86_64-unknown-linux-gnu.zip`,
    "",
  );
  let asked = 0;
  const found = await find(() => {
    asked++;
    return new Response(null, { status: 404 });
  }, folder.path);
  assertEquals([found, asked], [undefined, 0]);
});

Deno.test("findDenort() says what to do about a version that npm has not", async () => {
  await using folder = await temporaryFolder();
  const error = await assertRejects(
    () => find(NOTHING, folder.path, { version: "2.8.0" }),
    Error,
    `Cannot download denort "2.8.0"`,
  );
  assertStringIncludes(error.message, `use Deno "${knownVersion}"`);
  assertStringIncludes(error.message, "DENORT_BIN");
});

Deno.test("findDenort() says what to do when npm has nothing", async () => {
  await using folder = await temporaryFolder();
  const error = await assertRejects(
    () => find(NOTHING, folder.path),
    Error,
    "/npm/@stdy/cli-linux-x64/-/cli-linux-x64-0.22.2.tgz",
  );
  assertStringIncludes(error.message, "status 404");
  assertStringIncludes(error.message, "DENORT_BIN");
});

Deno.test("findDenort() says what to do when npm cannot be reached", async () => {
  await using folder = await temporaryFolder();
  const registry = "http://127.0.0.1:1";
  await assertRejects(
    () => find(NOTHING, folder.path, { registry }),
    Error,
    "set NPM_CONFIG_REGISTRY",
  );
});

Deno.test("findDenort() rejects and does not keep a denort with a wrong hash", async () => {
  await using folder = await temporaryFolder();
  const content = makeElf(100, "d3n0l4nd");
  const tar = makeTar([{ path: "package/bin/steady", content }]);
  const answer: Answer = (path, method) =>
    path.startsWith("/npm/") ? gzip(tar) : NOTHING(path, method);
  await assertRejects(() => find(answer, folder.path), Error, "its SHA-256 is");
  await assertRejects(
    () => Deno.stat(`${folder.path}/cache`),
    Deno.errors.NotFound,
  );
});

Deno.test("findDenort() rejects a download that is no archive", async () => {
  await using folder = await temporaryFolder();
  const answer: Answer = (path, method) =>
    path.startsWith("/npm/") ? new Response("no gzip") : NOTHING(path, method);
  await assertRejects(() => find(answer, folder.path), Error, "Cannot");
});

Deno.test("findDenort() rejects a kept denort that has changed", async () => {
  await using folder = await temporaryFolder();
  const cache = `${folder.path}/cache/azure-provisioning`;
  const path = `${cache}/denort-2.7.11-x86_64-unknown-linux-gnu`;
  await Deno.mkdir(cache, { recursive: true });
  await Deno.writeTextFile(path, "changed");
  await assertRejects(
    () => find(NOTHING, folder.path),
    Error,
    `Cannot use the denort of "${path}"`,
  );
});
