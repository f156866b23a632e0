import { assertStringIncludes, assertThrows } from "@std/assert";
import { refuseRealAddresses, startProgram } from "../helpers/program.ts";

const WIRESERVER = ["--wireserver", "127.0.0.1:1"];
const IMDS = ["--imds", "127.0.0.1:2"];

Deno.test("refuseRealAddresses() takes a command line that names 127.0.0.1 for both", () => {
  refuseRealAddresses([...WIRESERVER, ...IMDS]);
  refuseRealAddresses(["provision", ...IMDS, "--force", ...WIRESERVER]);
  refuseRealAddresses(["--wireserver=127.0.0.1:1", "--imds=127.0.0.1:2"]);
});

for (
  const args of [
    [],
    ["provision"],
    WIRESERVER,
    IMDS,
    ["--wireserver", "168.63.129.16", ...IMDS],
    ["--wireserver", "168.63.129.16:80", ...IMDS],
    ["--wireserver=168.63.129.16:80", ...IMDS],
    [...WIRESERVER, "--imds", "169.254.169.254:80"],
    [...WIRESERVER, "--imds"],
    ["--wireserver", "127.0.0.1", ...IMDS],
    ["--wireserver", "127.0.0.1:1.evil.test", ...IMDS],
    ["--wireserver", "localhost:1", ...IMDS],
    ["--wireserver-x", "127.0.0.1:1", ...IMDS],
  ]
) {
  Deno.test(`refuseRealAddresses() refuses "${args.join(" ")}"`, () => {
    assertThrows(
      () => refuseRealAddresses(args),
      Error,
      "Refusing to start the program",
    );
  });
}

Deno.test("startProgram() starts nothing that could reach a real address", () => {
  const error = assertThrows(() => startProgram(["provision"]), Error);
  assertStringIncludes(error.message, "Refusing to start the program");
});
