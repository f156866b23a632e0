import { assertEquals } from "@std/assert";
import { checkInstance } from "./_check_instance.ts";
import { fuzz } from "./_fuzz.ts";
import { brokenInstance, instance } from "./_instances.ts";
import { mutatedBytes } from "./_mutations.ts";

const room = "metadata";

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) &&
    !/^[0-]*$|^[f-]*$/i.test(text);
}

fuzz("parseInstance() finds what is there", {
  room,
  runs: 830,
  input: instance,
  check: ({ compute, hasCustomData, json }) => {
    const expected: Record<string, unknown> = {};
    const values = {
      vmId: compute.vmId,
      computerName: compute.osProfile?.computerName,
      name: compute.name,
      adminUsername: compute.osProfile?.adminUsername,
    };
    for (const [key, value] of Object.entries(values)) {
      if (!isText(value) || (key === "vmId" && !isGuid(value.trim()))) continue;
      expected[key] = value.trim();
    }
    if (compute.osProfile?.adminUsername === "") expected.hasNoUser = true;
    const flags = {
      disablePasswordAuthentication: compute.osProfile
        ?.disablePasswordAuthentication,
      hasCustomData,
    };
    for (const [key, flag] of Object.entries(flags)) {
      for (const word of [true, false]) {
        if (flag === word || flag === String(word)) expected[key] = word;
      }
    }
    const keys = (Array.isArray(compute.publicKeys) ? compute.publicKeys : [])
      .map((key) => key?.keyData).filter(isText);
    if (keys.length > 0) expected.publicKeys = keys;
    if (isText(compute.userData)) expected.userData = compute.userData;
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
