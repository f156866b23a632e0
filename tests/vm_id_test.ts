import { assertEquals } from "@std/assert";
import { isVmId } from "../lib/vm_id.ts";

for (
  const [text, expected] of [
    ["0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", true],
    ["0A1B2C3D-4E5F-4A6B-8C7D-9E0F1A2B3C4D", true],
    ["00000000-0000-0000-0000-000000000001", true],
    ["00000000-0000-0000-0000-000000000000", false],
    ["ffffffff-ffff-ffff-ffff-ffffffffffff", false],
    ["FFFFFFFF-ffff-ffff-ffff-ffffffffffff", false],
    ["0a1b2c3d4e5f4a6b8c7d9e0f1a2b3c4d", false],
    ["{0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d}", false],
    [" 0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", false],
    ["0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\n", false],
    ["0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4g", false],
    ["Not Settable", false],
    ["id", false],
    ["", false],
  ] as const
) {
  Deno.test(`isVmId() says ${expected} of ${JSON.stringify(text)}`, () => {
    assertEquals(isVmId(text), expected);
  });
}
