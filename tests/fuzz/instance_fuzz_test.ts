import { assertEquals } from "@std/assert";
import { checkInstance } from "./_check_instance.ts";
import { fuzz } from "./_fuzz.ts";
import { brokenInstance, instance } from "./_instances.ts";
import { mutatedBytes } from "./_mutations.ts";

const room = "metadata";

fuzz("parseInstance() finds what is there", {
  room,
  runs: 830,
  input: instance,
  check: ({ compute, json }) => {
    const expected: Record<string, string> = {};
    const values = {
      vmId: compute.vmId,
      computerName: compute.osProfile?.computerName,
      name: compute.name,
    };
    for (const [key, value] of Object.entries(values)) {
      if (typeof value !== "string" || value.trim() === "") continue;
      expected[key] = value.trim();
    }
    assertEquals(checkInstance(json).instance, expected);
  },
});

fuzz("parseInstance() gives texts or a TypeError", {
  room,
  runs: 1330,
  input: brokenInstance,
  check: (json) => {
    checkInstance(json);
  },
});

fuzz("parseInstance() holds its own against changed bytes", {
  room,
  runs: 670,
  input: mutatedBytes(
    instance.map(({ json }) => new TextEncoder().encode(json)),
  ),
  check: (bytes) => {
    checkInstance(new TextDecoder().decode(bytes));
  },
});
