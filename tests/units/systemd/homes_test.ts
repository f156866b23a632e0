import { assert, assertEquals } from "@std/assert";
import { conditionsIn, HOMES_UNIT, linesOf, UNIT } from "./_units.ts";

Deno.test("the homes' unit starts nothing where there is a folder of homes, and runs once it can be told that there is none", async () => {
  const [homes, main] = await Promise.all([HOMES_UNIT, UNIT].map(linesOf)) as [
    string[],
    string[],
  ];
  for (
    const line of [
      "After=systemd-tmpfiles-setup.service azure-provisioning-needed.service",
      "Before=azure-provisioning.service azure-provisioning-fallback.service",
      "ExecStart=-/usr/local/lib/azure-provisioning/homes",
    ]
  ) assertEquals(homes.includes(line), true, line);
  assertEquals(conditionsIn(homes), [
    ...conditionsIn(main),
    "ConditionPathIsDirectory=!/home",
  ]);
  assert(
    main.some((line) =>
      /^After=.*azure-provisioning-homes\.service/.test(line)
    ),
  );
});
