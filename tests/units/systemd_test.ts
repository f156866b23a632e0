import { assert, assertEquals, assertMatch } from "@std/assert";
import { UNWANTED_VARIABLES } from "../helpers/environment.ts";
import { BEGINNING_PATH } from "../../lib/state/beginning.ts";
import { ROOT } from "../helpers/program.ts";

const UNIT = `${ROOT}units/systemd/azure-provisioning.service`;
const USER_DATA_UNIT =
  `${ROOT}units/systemd/azure-provisioning-userdata.service`;
const MEDIA_UNIT = `${ROOT}units/systemd/azure-provisioning-media.service`;
const NEEDED_UNIT = `${ROOT}units/systemd/azure-provisioning-needed.service`;
const HOMES_UNIT = `${ROOT}units/systemd/azure-provisioning-homes.service`;
const FALLBACK_UNIT =
  `${ROOT}units/systemd/azure-provisioning-fallback.service`;
const UNITS = [
  UNIT,
  NEEDED_UNIT,
  HOMES_UNIT,
  MEDIA_UNIT,
  FALLBACK_UNIT,
  USER_DATA_UNIT,
];
const ANALYZE = await usable("systemd-analyze");
/** To mount takes CAP_SYS_ADMIN, and to read a drive the drives. */
const MOST_MEDIA_EXPOSURE = 2.5;
const SYSTEM_UNITS = "/lib/systemd/system";

if (!ANALYZE) {
  console.error("Tests of the unit are skipped: systemd-analyze is not here");
}

for (const path of UNITS) {
  Deno.test(`${path.replace(/.*\//, "")} takes away every variable that changes what it starts, whatever the manager has`, async () => {
    const text = await Deno.readTextFile(path);
    const names = [...text.matchAll(/^UnsetEnvironment=(.*)$/gm)]
      .flatMap(([, names]) => names!.split(" "));
    // What it sets itself counts whatever systemd's manager has; unset, it would be gone again.
    const set = [...text.matchAll(/^Environment=(\w+)=/gm)]
      .map(([, name]) => name!);
    assertEquals(names.filter((it) => set.includes(it)), []);
    assertEquals(
      names.toSorted(),
      UNWANTED_VARIABLES.filter((it) => !set.includes(it)).toSorted(),
    );
  });
}

for (const path of UNITS) {
  const name = path.replace(/.*\//, "");
  Deno.test({
    name: `systemd-analyze verify finds nothing wrong with ${name}`,
    ignore: !ANALYZE,
    fn: async () => {
      assertEquals(await verify(await Deno.readTextFile(path), name), {
        code: 0,
        stderr: "",
      });
    },
  });
}

Deno.test("the user data's unit waits for the first boot, holds up no boot, and leaves the limit to its program", async () => {
  const lines = (await Deno.readTextFile(USER_DATA_UNIT)).split("\n");
  for (
    const line of [
      "After=azure-provisioning.service azure-provisioning-fallback.service multi-user.target",
      // One of them is enough.
      "ConditionPathExists=|/var/lib/azure-provisioning/customData",
      "ConditionPathExists=|/var/lib/azure-provisioning/userData",
      "ExecStart=/usr/local/lib/azure-provisioning/userdata",
      "TimeoutStartSec=infinity",
    ]
  ) assertEquals(lines.includes(line), true, line);
});

Deno.test("the media's unit runs where the program's does, beside it, within bounds, and without a network", async () => {
  const text = await Deno.readTextFile(MEDIA_UNIT);
  const lines = text.split("\n");
  for (
    const line of [
      // Nothing waits for its end.
      "Type=exec",
      "RuntimeMaxSec=360",
      // Else systemd waits 90 s for a mount that cannot be ended, three times.
      "TimeoutStopSec=5",
      "PrivateMounts=yes",
      "PrivateNetwork=yes",
      "RuntimeDirectoryMode=0700",
    ]
  ) assertEquals(lines.includes(line), true, line);
  assertEquals(/network.*\.target|WantedBy/.test(text), false);
  const program = (await Deno.readTextFile(UNIT)).split("\n");
  assertEquals(conditionsIn(lines), conditionsIn(program));
  assertEquals(
    program.includes(
      "Wants=azure-provisioning-needed.service azure-provisioning-media.service azure-provisioning-homes.service",
    ),
    true,
  );
  for (const unit of [lines, program]) {
    for (const line of unit.filter((it) => /^(After|Before)=/.test(it))) {
      assertEquals(/media|provisioning\.service/.test(line), false, line);
    }
  }
});

Deno.test("the homes' unit starts nothing where there is a folder of homes, and runs once it can be told that there is none", async () => {
  const [homes, main] = await Promise.all(
    [HOMES_UNIT, UNIT].map(async (path) =>
      (await Deno.readTextFile(path)).split("\n")
    ),
  ) as [string[], string[]];
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

/** Only a file that a script makes on purpose keeps the program from running. */
const NOT_NEEDED = "ConditionPathExists=!/run/azure-provisioning.not-needed";

Deno.test("nothing that goes wrong before the program counts as a no", async () => {
  const [main, needed, media, fallback] = await Promise.all(
    [UNIT, NEEDED_UNIT, MEDIA_UNIT, FALLBACK_UNIT].map(async (path) =>
      (await Deno.readTextFile(path)).split("\n")
    ),
  ) as [string[], string[], string[], string[]];
  // systemd takes an exit status from 1 to 254 for a no, and so its own, such as 226 for a name space.
  for (const lines of [main, needed, media, fallback]) {
    assertEquals(lines.filter((line) => line.startsWith("ExecCondition")), []);
  }
  assert(main.includes(NOT_NEEDED));
  assert(main.includes("OnFailure=azure-provisioning-fallback.service"));
  assertEquals(
    conditionsIn(needed),
    conditionsIn(main).filter((line) => line !== NOT_NEEDED),
  );
  assertEquals(
    conditionsIn(fallback).filter((line) => !line.endsWith(BEGINNING_PATH)),
    conditionsIn(main),
  );
  // "-": their failure is no failed unit.
  for (const lines of [needed, media]) {
    for (const line of lines.filter((it) => it.startsWith("ExecStart="))) {
      assertMatch(line, /^ExecStart=-/);
    }
  }
  // What has to be there, or to be made, for the unit to start.
  for (const lines of [main, media]) {
    for (const line of lines) {
      const [, paths = ""] =
        /^(?:ReadWrite|ReadOnly|Inaccessible)Paths=(.*)$/.exec(line) ?? [];
      for (const path of paths.split(" ")) assertMatch(path, /^(-.*|)$/, line);
      assertEquals(/^(StateDirectory|PrivateTmp)=/.test(line), false, line);
    }
  }
});

Deno.test("the fallback runs the same program once it is sure that it did not run, and asks for next to nothing", async () => {
  const [main, fallback] = await Promise.all(
    [UNIT, FALLBACK_UNIT].map(async (path) =>
      (await Deno.readTextFile(path)).split("\n")
    ),
  ) as [string[], string[]];
  assert(
    fallback.includes(`ConditionPathExists=!${BEGINNING_PATH}`),
  );
  const shared =
    /^(ExecStart|ExecStartPost|Environment|UnsetEnvironment|Limit\w+|TasksMax|TimeoutStartSec)=/;
  assertEquals(
    fallback.filter((line) => shared.test(line)),
    main.filter((line) => shared.test(line)),
  );
  const others = fallback.filter((line) =>
    /^\w+=/.test(line) && !shared.test(line) && !/^Condition/.test(line)
  ).map((line) => line.replace(/=.*/, ""));
  assertEquals(others, [
    "Description",
    "DefaultDependencies",
    "Conflicts",
    "Before",
    "After",
    "Type",
    "StandardInput",
    "StandardInputText",
    "StandardOutput",
    "StandardError",
    "ExecStartPre",
    "UMask",
    "NoNewPrivileges",
  ]);
});

function conditionsIn(lines: readonly string[]): string[] {
  return lines.filter((line) => /^(Exec)?Condition/.test(line));
}

Deno.test({
  name: `the exposure of the media's unit is at most ${MOST_MEDIA_EXPOSURE}`,
  ignore: !ANALYZE,
  fn: async () => {
    const score = await exposure(await Deno.readTextFile(MEDIA_UNIT));
    assert(score <= MOST_MEDIA_EXPOSURE, `it is ${score}`);
  },
});

Deno.test({
  name: "systemd-analyze verify would find a misspelt key in the unit",
  ignore: !ANALYZE,
  fn: async () => {
    const unit = await Deno.readTextFile(UNIT);
    const { stderr } = await verify(
      unit.replace("TimeoutStartSec", "TimeoutStartSoc"),
    );
    assertEquals(stderr.includes("TimeoutStartSoc"), true);
  },
});

Deno.test("the unit starts early, within bounds, and records success only", async () => {
  const lines = (await Deno.readTextFile(UNIT)).split("\n");
  for (
    const line of [
      // Before what should find the host name set.
      "Before=ssh.service sshd.service sshd-keygen.target",
      "Type=oneshot",
      "ExecStart=/usr/local/bin/azure-provisioning",
      // Else the runtime may look through all time zones.
      "Environment=TZ=UTC",
      "Environment=NO_COLOR=1",
      "Environment=MALLOC_ARENA_MAX=1",
      "Environment=MALLOC_TRIM_THRESHOLD_=65536",
      "TimeoutStartSec=22min",
      "WantedBy=multi-user.target",
    ]
  ) assertEquals(lines.includes(line), true, line);
  // Each line sets the sandbox up anew, and the program itself waits for the network.
  assertEquals(lines.filter((line) => /^Exec(?!Start=)/.test(line)), []);
  const settings = lines.filter((line) => !line.startsWith("#"));
  assertEquals(settings.some((line) => /network-online/.test(line)), false);
});

Deno.test("off Azure the unit waits for nothing and holds up nothing: its conditions come before the network", async () => {
  const lines = (await Deno.readTextFile(UNIT)).split("\n");
  const conditions = lines.filter((line) => line.startsWith("Condition"));
  assert(conditions.length > 0);
  // One that is met is enough, but where it is known that there is nothing to do.
  for (const condition of conditions) {
    if (condition !== NOT_NEEDED) assertMatch(condition, /^\w+=\|/);
  }
  for (const line of lines) {
    if (/^(After|Wants|Requires)=/.test(line)) {
      assertEquals(line.includes("network-online"), false, line);
    }
  }
});

/**
 * The unit, alone and with its drop-in, and how exposed it is at most. The admin user costs
 * 0.7: capabilities to give files away, and a /home that is seen. systemd counts 0.1 for
 * PrivateTmp=, and nothing for InaccessiblePaths=, which hides /tmp and /var/tmp.
 */
const EXPOSURES: readonly (readonly [string | undefined, number])[] = [
  [undefined, 2.3],
  ["without-hostnamed.conf", 2.6],
];

for (const [dropIn, most] of EXPOSURES) {
  Deno.test({
    name: `the exposure of the unit is at most ${most}, ${dropIn ?? "alone"}`,
    ignore: !ANALYZE,
    fn: async () => {
      const unit = await Deno.readTextFile(UNIT) +
        (dropIn === undefined
          ? ""
          : await Deno.readTextFile(`${ROOT}units/systemd/${dropIn}`));
      const score = await exposure(unit);
      assert(score <= most, `it is ${score}`);
    },
  });
}

Deno.test({
  name: "the exposure of the unit would show a sandbox that is missing",
  ignore: !ANALYZE,
  fn: async () => {
    const unit = await Deno.readTextFile(UNIT);
    const score = await exposure(unit.replace("ProtectSystem=strict", ""));
    assert(score > await exposure(unit), `it is ${score}`);
  },
});

/** What systemd-analyze security says, from 0 (safe) to 10. */
async function exposure(unit: string): Promise<number> {
  const dir = await Deno.makeTempDir();
  try {
    const path = `${dir}/azure-provisioning.service`;
    await Deno.writeTextFile(path, unit);
    const { stdout } = await new Deno.Command("systemd-analyze", {
      args: ["security", "--offline=true", "--threshold=20", path],
    }).output();
    const words = /exposure level for \S+: ([0-9.]+)/.exec(
      new TextDecoder().decode(stdout),
    );
    assert(words !== null, "systemd-analyze security names no exposure level");
    return Number(words[1]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Verifies in a root of its own, where the programs that the unit names are there. */
async function verify(
  unit: string,
  unitName = "azure-provisioning.service",
): Promise<{ code: number; stderr: string }> {
  const root = await Deno.makeTempDir();
  try {
    const programs = [
      "/usr/local/bin/azure-provisioning",
      "/usr/local/lib/azure-provisioning/media",
      "/usr/local/lib/azure-provisioning/userdata",
      "/usr/local/lib/azure-provisioning/this-vm",
      "/bin/systemctl",
      "/bin/echo",
      "/bin/sh",
      "/usr/bin/timeout",
    ];
    for (const file of programs) {
      await write(`${root}${file}`, "#!/bin/sh\n");
      await Deno.chmod(`${root}${file}`, 0o755);
    }
    for await (const { name } of Deno.readDir(SYSTEM_UNITS)) {
      if (!name.endsWith(".target")) continue;
      await write(
        `${root}${SYSTEM_UNITS}/${name}`,
        await Deno.readTextFile(`${SYSTEM_UNITS}/${name}`),
      );
    }
    await write(`${root}/etc/systemd/system/${unitName}`, unit);
    const { code, stderr } = await new Deno.Command("systemd-analyze", {
      args: ["verify", `--root=${root}`, unitName],
    }).output();
    return { code, stderr: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
}

async function usable(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"] }).output())
      .success;
  } catch {
    return false;
  }
}

for (
  const [script, status] of [
    ["exit 0", 0],
    ["exit 3", 1],
    ["exit 4", 0],
    ["exit 127", 0],
    [undefined, 0],
  ] as const
) {
  Deno.test(
    `only a clear no skips azure-provisioning-userdata.service: ${
      script ?? "no script"
    }`,
    async () => {
      const unit = await Deno.readTextFile(USER_DATA_UNIT);
      const [, condition = ""] = /^ExecCondition=(.*)$/m.exec(unit) ?? [];
      const dir = await Deno.makeTempDir();
      try {
        if (script !== undefined) {
          await write(`${dir}/this-vm`, `#!/bin/sh\n${script}\n`);
          await Deno.chmod(`${dir}/this-vm`, 0o755);
        }
        const command = condition
          .replace("/usr/local/lib/azure-provisioning", dir)
          // What systemd takes two of them for.
          .replaceAll("$$", "$");
        assert(command.includes(dir), command);
        const { code } = await new Deno.Command("sh", {
          args: ["-c", command],
          stderr: "null",
        }).output();
        assertEquals(code, status);
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    },
  );
}
