import { assertEquals, assertRejects } from "@std/assert";
import { CallError, retry } from "../../lib/http/retry.ts";
import { ExitCode } from "../../lib/provisioning_error.ts";
import { testContext } from "../helpers/test_context.ts";
import { attempts, CALL, failed, REFUSED } from "./_attempts.ts";

/** A machine with or without the guest proxy agent. */
function agent(isInstalled: boolean, isWanted = false) {
  return { isInstalled: () => isInstalled, isWanted: () => isWanted };
}

const SIGNED_ONLY = [401, 403].map((status) =>
  failed({ kind: "status", status, message: `${status}` })
);

Deno.test("retry() goes on after 401 and 403 where the guest proxy agent may yet get its key", async () => {
  for (const refusal of SIGNED_ONLY) {
    const context = testContext();
    const value = await retry(
      attempts(...Array(8).fill(refusal), { ok: true, value: "it" }),
      { ...context, ...CALL, proxyAgent: agent(true) },
    );
    assertEquals(value, "it");
    assertEquals(
      context.log.lines.filter((line) =>
        line.includes("may not have its key yet")
      ).length,
      1,
      "it is said once",
    );
  }
});

Deno.test("retry() goes on after a 401 that the guest proxy agent passed on, wherever the agent is", async () => {
  const failure = {
    kind: "status",
    status: 401,
    message: "401",
    isPassedOn: true,
  } as const;
  const value = await retry(
    attempts(...Array(8).fill(failed(failure)), { ok: true, value: "it" }),
    { ...testContext(), ...CALL, proxyAgent: agent(false) },
  );
  assertEquals(value, "it");
});

Deno.test("retry() gives up in time where the guest proxy agent never gets its key, and says where to look", async () => {
  for (const refusal of SIGNED_ONLY) {
    const error = await assertRejects(
      () =>
        retry(attempts(refusal), {
          ...testContext(),
          ...CALL,
          proxyAgent: agent(true, true),
        }),
      CallError,
      'time is up); check what the platform says; azure-proxy-agent may not have its key yet: if it never gets one, see "systemctl status azure-proxy-agent"',
    );
    assertEquals(error.exitCode, ExitCode.gaveUp);
  }
});

Deno.test("retry() says at the first refusal that the guest proxy agent is missing", async () => {
  for (const refusal of SIGNED_ONLY) {
    for (
      const [isWanted, words] of [
        [false, "if the VM was created with the Metadata Security Protocol"],
        [
          true,
          "the provisioning media ask for the Metadata Security Protocol, but its guest proxy agent is not in this image: put azure-proxy-agent into the image",
        ],
      ] as const
    ) {
      const context = testContext();
      const error = await assertRejects(
        () =>
          retry(attempts(refusal), {
            ...context,
            ...CALL,
            proxyAgent: agent(false, isWanted),
          }),
        CallError,
        words,
      );
      const said = context.log.lines.filter((line) => line.includes(words));
      assertEquals(said, context.log.lines.slice(0, 1));
      assertEquals(
        error.exitCode,
        error.message.includes("401 (3 tries")
          ? ExitCode.unreachable
          : ExitCode.gaveUp,
      );
    }
  }
});

Deno.test("retry() does not look for the guest proxy agent unless a request is refused", async () => {
  const proxyAgent = {
    isInstalled: () => {
      throw new Error("looked");
    },
    isWanted: () => {
      throw new Error("looked");
    },
  };
  const value = await retry(
    attempts(
      REFUSED,
      failed({ kind: "status", status: 503, message: "busy" }),
      { ok: true, value: "it" },
    ),
    { ...testContext(), ...CALL, proxyAgent },
  );
  assertEquals(value, "it");
});
