import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FAULT_NAMES, TARGETS } from "../../../lib/simulator/mod.ts";
import {
  type ProgramResult,
  runProgram,
  startProgram,
} from "../../helpers/program.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const ANY_PORT = ["--wireserver", "127.0.0.1:0", "--imds", "127.0.0.1:0"];

/** A `simulate` that has said where it listens. */
interface Simulation {
  /** What it printed first. */
  readonly addresses: string;
  /** Asks it to end. */
  readonly interrupt: () => void;
  /** How it ended, and what else it printed. */
  readonly end: Promise<ProgramResult>;
}

async function simulate(args: readonly string[]): Promise<Simulation> {
  const process = startProgram(["simulate", ...ANY_PORT, ...args]);
  await process.stdin.close();
  const stderr = new Response(process.stderr).text();
  const reader = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const lines = args.includes("--json") ? 1 : 2;
  let addresses = "";
  while (addresses.split("\n").length <= lines) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`simulate ended: ${await stderr}`);
    addresses += value;
  }
  const rest = async () => {
    let stdout = "";
    while (true) {
      const { value, done } = await reader.read();
      if (done) break;
      stdout += value;
    }
    const { code } = await process.status;
    return { code, stdout, stderr: await stderr };
  };
  return {
    addresses,
    interrupt: () => process.kill("SIGINT"),
    end: rest(),
  };
}

Deno.test("simulate --until-ready serves a first boot from its start to its end", async () => {
  await using dir = await tempDir();
  const simulation = await simulate([
    "--until-ready",
    "--computer-name=my-vm",
    "--vm-id=1D000000-0000-4000-8000-000000000001",
    "--fault=503@goal-state=1",
  ]);
  const [, wireserver, imds] =
    /^WireServer: (127\.0\.0\.1:\d+)\nIMDS: (127\.0\.0\.1:\d+)\n$/.exec(
      simulation.addresses,
    )!;
  const { code, stderr } = await runProgram([
    "provision",
    "--wireserver",
    wireserver!,
    "--imds",
    imds!,
    "--state-dir",
    dir.path,
  ], { writable: dir.path });
  assertEquals(code, 0, stderr);
  const verdict = await simulation.end;
  assertEquals(verdict.code, 0);
  assertStringIncludes(verdict.stdout, "Ready: yes, after ");
  assertStringIncludes(verdict.stdout, 'Host name asked for: "my-vm"\n');
  assertStringIncludes(verdict.stdout, "Metadata served: yes\n");
  assertStringIncludes(
    verdict.stderr,
    "GET /machine?comp=goalstate -> 503 (fault 503)\n",
  );
  assertStringIncludes(
    verdict.stderr,
    "POST /machine?comp=health -> 200 (Ready)\n",
  );
  const mark = JSON.parse(
    await Deno.readTextFile(`${dir.path}/provisioned.json`),
  );
  assertEquals(mark.vmId, "1d000000-0000-4000-8000-000000000001");
});

Deno.test("simulate says at SIGINT that the VM is not ready", async () => {
  const simulation = await simulate([]);
  simulation.interrupt();
  const { code, stdout } = await simulation.end;
  assertEquals(code, 75);
  assertStringIncludes(stdout, "Ready: no\n");
  assertStringIncludes(stdout, "Requests: 0, refused: 0\n");
});

Deno.test("simulate --json prints its addresses and its verdict as JSON, one a line", async () => {
  const simulation = await simulate(["--json", "--timeout=0.2"]);
  const addresses = JSON.parse(simulation.addresses);
  assertEquals(Object.keys(addresses), ["wireserver", "imds"]);
  const { code, stdout } = await simulation.end;
  assertEquals(code, 75);
  assertEquals(JSON.parse(stdout).ready, false);
});

Deno.test("simulate --throttle answers 429 to one request too many", async () => {
  const simulation = await simulate([
    "--throttle=1,5",
    "--timeout=20",
    "--until-ready",
  ]);
  const wireserver = /^WireServer: (.*)$/m.exec(simulation.addresses)?.[1];
  const url = `http://${wireserver}/?comp=versions`;
  const answers = [await fetch(url), await fetch(url)];
  for (const answer of answers) await answer.body?.cancel();
  simulation.interrupt();
  const { stdout, stderr } = await simulation.end;
  assertEquals(answers.map(({ status }) => status), [200, 429]);
  assertEquals(answers[1]?.headers.get("retry-after"), "1");
  assertStringIncludes(stderr, "GET /?comp=versions -> 429 (throttled)\n");
  assertStringIncludes(stdout, "Throttled: 1\n");
});

for (const value of ["", "0", "-1", "1.5", "5,", "5,0", "1,2,3", "1000000"]) {
  Deno.test(`simulate refuses --throttle=${value}`, async () => {
    const { code, stderr } = await runProgram([
      "simulate",
      ...ANY_PORT,
      `--throttle=${value}`,
    ]);
    assertEquals(code, 64, stderr);
    assertStringIncludes(stderr, "--throttle");
  });
}

Deno.test("simulate --help lists every fault and every target", async () => {
  const { code, stdout } = await runProgram([
    "simulate",
    ...ANY_PORT,
    "--help",
  ]);
  assertEquals(code, 0);
  const words = stdout.split(/[^a-z0-9-]+/);
  for (const name of [...FAULT_NAMES, ...TARGETS]) {
    assert(words.includes(name), name);
  }
});

Deno.test("simulate ends with 77 where it was compiled for other addresses", async () => {
  const { code, stdout, stderr } = await runProgram(
    ["simulate", ...ANY_PORT],
    { offline: true },
  );
  assertEquals(code, 77, stderr);
  assertEquals(stdout, "");
  assert(
    stderr.startsWith(
      "Error: Cannot listen on 127.0.0.1:0 and 127.0.0.1:0: the program was compiled without the permission to listen there; use addresses of this machine",
    ),
    stderr,
  );
});

Deno.test("simulate ends with 78 where it cannot listen", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { code, stdout, stderr } = await runProgram([
    "simulate",
    "--wireserver",
    `127.0.0.1:${taken.addr.port}`,
    "--imds",
    "127.0.0.1:0",
  ]);
  assertEquals(code, 78, stderr);
  assertEquals(stdout, "");
  assert(stderr.startsWith("Error: Cannot listen on 127.0.0.1:"), stderr);
});

Deno.test("simulate puts the user, the keys and the user data into the metadata", async () => {
  const simulation = await simulate([
    "--admin-username=ada",
    "--public-key=ssh-rsa A",
    "--public-key=ssh-rsa B",
    "--allow-passwords",
    "--user-data=gr\u00fcn",
  ]);
  const [, imds] = /IMDS: (\S+)/.exec(simulation.addresses)!;
  const answer = await fetch(
    `http://${imds}/metadata/instance?api-version=2021-08-01`,
    { headers: { Metadata: "true" } },
  );
  const { compute } = await answer.json();
  simulation.interrupt();
  await simulation.end;
  assertEquals(compute.osProfile.adminUsername, "ada");
  assertEquals(compute.osProfile.disablePasswordAuthentication, "false");
  assertEquals(
    compute.publicKeys.map(({ keyData }: { keyData: string }) => keyData),
    ["ssh-rsa A", "ssh-rsa B"],
  );
  assertEquals(compute.userData, "Z3LDvG4=");
});

Deno.test("simulate describes network cards, tags and other fields of the VM in the metadata", async () => {
  const simulation = await simulate([
    "--nic=00:0d:3a:00:00:01,10.1.0.4/16=20.0.0.1,fd00::4",
    "--nic=00:0d:3a:00:00:02",
    "--tag=Role=web",
    "--tag=Stage=a=b",
    "--compute=location=northeurope",
    "--compute=securityProfile.securityType=TrustedLaunch",
    "--pps-type=Running",
  ]);
  const [, imds] = /IMDS: (\S+)/.exec(simulation.addresses)!;
  const answer = await fetch(
    `http://${imds}/metadata/instance?api-version=2023-07-01&extended=true`,
    { headers: { Metadata: "true" } },
  );
  const { compute, network, extended } = await answer.json();
  simulation.interrupt();
  await simulation.end;
  assertEquals(
    network.interface.map((it: { macAddress: string }) => it.macAddress),
    ["000D3A000001", "000D3A000002"],
  );
  assertEquals(network.interface[0].ipv4, {
    ipAddress: [{ privateIpAddress: "10.1.0.4", publicIpAddress: "20.0.0.1" }],
    subnet: [{ address: "10.1.0.0", prefix: "16" }],
  });
  assertEquals(compute.tags, "Role:web;Stage:a=b");
  assertEquals(compute.location, "northeurope");
  assertEquals(compute.securityProfile.securityType, "TrustedLaunch");
  assertEquals(extended.compute.ppsType, "Running");
});

const MAC = "00:0d:3a:00:00:01";
const WRONG: Readonly<Record<string, string>> = {
  "--nic=eth0": 'The option "--nic" has a wrong value: "eth0" is not a MAC',
  "--tag=Role": 'The option "--tag" has a wrong value: "Role" is not of the',
  "--compute=size=1": 'The option "--compute" has a wrong value: "size" is not',
  "--host-plugin=:": 'The option "--host-plugin" has a wrong value',
  "--host-plugin=127.0.0.1": '"127.0.0.1" is not of the form HOST:PORT',
  [`--nic=${MAC} --nic=${MAC.replaceAll(":", "-")},10.0.0.5`]:
    'The option "--nic" has a wrong value: "000D3A000001" is given twice',
  "--tag=a=b --tag=a=c":
    'The option "--tag" has a wrong value: "a" is given twice',
  "--compute=zone=1 --compute=zone=2":
    'The option "--compute" has a wrong value: "zone" is given twice',
};

Deno.test("simulate takes more user data than Azure, so that a VM can refuse it", async () => {
  const simulation = await simulate([
    `--user-data=${"\u00e9".repeat(60_000)}`,
    "--json",
  ]);
  const { imds } = JSON.parse(simulation.addresses);
  const answer = await fetch(
    `http://${imds}/metadata/instance/compute/userData?api-version=2021-08-01&format=text`,
    { headers: { Metadata: "true" } },
  );
  assertEquals((await answer.text()).length, 160_000);
  simulation.interrupt();
  await simulation.end;
});

for (const [options, message] of Object.entries(WRONG)) {
  Deno.test(`simulate refuses ${options.slice(0, 60)}`, async () => {
    const { code, stderr } = await runProgram([
      "simulate",
      ...ANY_PORT,
      "--timeout=1",
      ...options.split(" "),
    ]);
    assertEquals(code, 64, stderr);
    assertStringIncludes(stderr, message);
  });
}

Deno.test("simulate serves the host's plugin where it is told, and tells its address", async () => {
  const simulation = await simulate(["--host-plugin=127.0.0.1:0", "--json"]);
  const { hostPlugin } = JSON.parse(simulation.addresses);
  const answer = await fetch(`http://${hostPlugin}/versions`);
  assertEquals(await answer.json(), ["2015-09-01"]);
  simulation.interrupt();
  const { agents } = JSON.parse((await simulation.end).stdout);
  assertEquals(agents.length, 1);
  const [{ agent, requests }] = agents;
  assert(agent.startsWith("Deno/"), agent);
  assertEquals(requests[0].request, "GET /versions");
  assertEquals(requests[0].status, 200);
});
