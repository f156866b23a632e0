import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { DhcpClient } from "../../lib/dhcp/client.ts";
import { DHCP_CLIENTS } from "../../lib/dhcp/clients.ts";
import { explainSilence } from "../../lib/dhcp/explain_silence.ts";
import { findLeases } from "../../lib/dhcp/find_leases.ts";
import { addressFrom, inText } from "../../lib/dhcp/option_245.ts";
import { withoutSuffix } from "../../lib/dhcp/pid_files.ts";
import { CallError } from "../../lib/http/retry.ts";
import { notifyClients } from "../../lib/parts/dns/notify_clients.ts";
import { recordingLog } from "../helpers/recording_log.ts";
import { rootWith } from "./_root.ts";

/** A client that does not exist: this is all that the program has to know of one. */
const leaser: DhcpClient = {
  name: "leaser",
  programs: ["leaserctl"],
  outsideSandbox: true,
  leaseFiles: [{
    folder: "/var/lib/leaser",
    names: /\.txt$/,
    wireServerIn: inText((text) =>
      addressFrom(/^o245 (.*)$/m.exec(text)?.[1]?.split(" "))
    ),
  }],
  findRunning: (files) =>
    withoutSuffix(".sock", files.names("/run/leaser")).map((device) => ({
      device,
      planNotify: (hostName, stateDir) => ({
        kind: "plan",
        files: [{ path: `${stateDir}/leaser`, text: hostName }],
        notify: {
          program: "leaserctl",
          args: ["rename", device, hostName],
          timeoutMs: 1_000,
        },
        temporaryFiles: [`${stateDir}/leaser`],
      }),
    })),
};

const CLIENTS = [...DHCP_CLIENTS, leaser];
const FILES = {
  "/run/leaser/eth0.sock": "",
  "/run/leaser/log": "",
  "/var/lib/leaser/eth0.txt": "o245 a 1 2 3\n",
};

/** Runs the notification on a machine, and returns what was run. */
async function notify(root: string): Promise<string[]> {
  const runs: string[] = [];
  const result = await notifyClients("vm", {
    root,
    stateDir: "/state",
    log: recordingLog(),
    remainingMs: () => Infinity,
    async run(name, { args }) {
      assertEquals(await Deno.readTextFile(`${root}/state/leaser`), "vm");
      runs.push([name, ...args].join(" "));
      return { kind: "ok" };
    },
  }, CLIENTS);
  assertEquals(result, { notified: ["leaser on eth0"], problems: [] });
  assertEquals(await Array.fromAsync(Deno.readDir(`${root}/state`)), []);
  return runs;
}

Deno.test("a made-up client is recognised and notified as soon as it has a row in the table", async () => {
  await using root = await rootWith(FILES);
  assertEquals(await notify(root.path), ["leaserctl rename eth0 vm"]);
});

Deno.test("systemd notifies a made-up client whose program the sandbox refuses", async () => {
  await using root = await rootWith({ ...FILES, "/run/systemd/system/x": "" });
  const [line = "", ...others] = await notify(root.path);
  assert(line.startsWith("systemd-run "));
  assert(line.endsWith(" -- leaserctl rename eth0 vm"));
  assertEquals(others, []);
});

Deno.test("the leases of a made-up client explain a silent WireServer", async () => {
  await using root = await rootWith(FILES);
  assertEquals(await findLeases(root.path), []);
  const silence = new CallError("Cannot get it", {
    key: "goal_state_unavailable",
    failure: { kind: "network", message: "Connection refused" },
  });
  const error = await explainSilence(
    silence,
    { hostname: "168.63.129.16", port: 80 },
    root.path,
    CLIENTS,
  );
  assert(error instanceof CallError);
  assertStringIncludes(
    error.message,
    '10.1.2.3 (option 245 in "/var/lib/leaser/eth0.txt")',
  );
});
