import { assertEquals, assertStringIncludes } from "@std/assert";
import { doneFlagOf } from "./_done_flag.ts";
import { BOOT_MS, bootTest, withBoot } from "./_boot_case.ts";
import { BOOTED_CLIENTS } from "./_dhcp_clients.ts";
import { startDhcpServer } from "./_dhcp_server.ts";
import { makeImage } from "./_image.ts";
import { logOf } from "./_log_of.ts";
import { markOf } from "./_mark_of.ts";
import { sleep } from "../helpers/wait_until.ts";

const VM = {
  vmId: "44444444-dddd-4ddd-8ddd-444444444444",
  computerName: "late-vm",
};
const UUID = "4c4c4544-0042-3510-8052-b4c04f4d3232";

/** How long the cable stays unplugged; shorter runs are for whoever works on these tests. */
const LATE_S = Number(Deno.env.get("BOOT_TEST_LATE_S") ?? 20);

/** The unit's own wait for the network, and the program's tries on top of that. */
const READY_MS = 180_000;

for (const { name: client, late, holdsUpBoot = false } of BOOTED_CLIENTS) {
  if (late === undefined) continue;
  const { name, init } = late;

  bootTest(
    `${name}: an address that comes ${LATE_S} s after the unit starts is early enough for Ready`,
    async () => {
      await using image = await makeImage(late);
      await using machine = await image.makeMachine();
      const { tree } = machine;
      const options = { platform: VM, uuid: UUID, addressing: "dhcp" } as const;
      const [requestsBefore, view] = await withBoot(
        machine,
        options,
        async (boot) => {
          await using server = startDhcpServer(boot.network);
          await boot.until(
            "the unit starts, or has to wait for a DHCP client",
            () => boot.unitRuns() || holdsUpBoot && boot.runs(client),
            BOOT_MS,
          );
          await sleep(LATE_S * 1000);
          const requestsBefore = boot.platform!.seen().lines.length;
          assertEquals(server.ended, false, server.output.stderr);
          await boot.network.plugIn();
          await boot.until(
            "the server gives an address",
            () => /DHCPACK/.test(server.output.stderr),
            READY_MS,
          );
          await boot.until(
            "the unit is done",
            () => boot.unitIsDone(),
            READY_MS,
          );
          await boot.powerOff();
          return [requestsBefore, await boot.platform!.stop()] as const;
        },
      );
      assertEquals(requestsBefore, 0);
      assertEquals(view.ready.length, 1, view.lines.join("\n"));
      assertEquals(view.refusals, []);
      assertEquals(await doneFlagOf(tree), UUID);
      assertEquals((await markOf(tree))?.vmId, VM.vmId);
      assertStringIncludes(
        (await logOf(init, tree)).join("\n"),
        "Response: 200 OK",
      );
    },
  );
}
