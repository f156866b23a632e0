import { assertEquals, assertThrows } from "@std/assert";
import { hostNameFrom } from "../../lib/host/host_name_from.ts";
import { ExitCode } from "../../lib/exit_code.ts";
import { ProvisioningError } from "../../lib/provisioning_error.ts";
import { recordingLog } from "../helpers/recording_log.ts";

Deno.test("hostNameFrom() takes the computer name before the resource's name", () => {
  const log = recordingLog();
  assertEquals(
    hostNameFrom({ computerName: "x000000", name: "x_0" }, log),
    "x000000",
  );
  assertEquals(log.lines, []);
});

Deno.test("hostNameFrom() takes the resource's name where there is no computer name", () => {
  assertEquals(hostNameFrom({ name: "vm" }, recordingLog()), "vm");
});

Deno.test("hostNameFrom() logs what it changes about a name", () => {
  const log = recordingLog();
  assertEquals(hostNameFrom({ name: "x_0." }, log), "x-0");
  assertEquals(log.lines, [
    'warn: The name "x_0." from the metadata is used without its trailing dot',
    'warn: The name "x_0." from the metadata is used with "-" in place of "_"',
  ]);
});

Deno.test("hostNameFrom() says when there is no name", () => {
  const error = assertThrows(
    () => hostNameFrom({ vmId: "id" }, recordingLog()),
    ProvisioningError,
    "neither a computerName nor a name",
  );
  assertEquals(error.key, "host_name_absent");
  assertEquals(error.exitCode, ExitCode.badData);
});

Deno.test("hostNameFrom() quotes 80 characters of a name that it refuses", () => {
  const error = assertThrows(
    () => hostNameFrom({ computerName: "a".repeat(1000) }, recordingLog()),
    ProvisioningError,
  );
  assertEquals(
    error.message,
    `The name "${
      "a".repeat(80)
    }..." from the instance metadata cannot be a host name: it is 1000 bytes long, and Linux takes 64; give the VM another computer name`,
  );
});

Deno.test("hostNameFrom() refuses a name that cannot be set, and takes no other for it", () => {
  const error = assertThrows(
    () =>
      hostNameFrom({ computerName: "10.0.0.4", name: "vm" }, recordingLog()),
    ProvisioningError,
    'The name "10.0.0.4" from the instance metadata cannot be a host name: it looks like an IP address',
  );
  assertEquals(error.key, "host_name_invalid");
  assertEquals(error.exitCode, ExitCode.badData);
});
