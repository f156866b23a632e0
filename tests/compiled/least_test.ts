import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { DNS_PROGRAMS } from "../../lib/parts/dns/dns_needs.ts";
import { permissions } from "../../lib/permissions.ts";
import { pool } from "../helpers/pool.ts";
import { RUNS_ALL } from "../helpers/runs_all.ts";
import { DENO_FLAGS, type ProgramResult, ROOT } from "../helpers/program.ts";
import { createVm, VM_OBSTACLE } from "../helpers/vm.ts";

const FLAGS = permissions.map(({ flag }) => flag);

/** What happens in a first boot without a permission. */
interface Lack {
  /** The missing permission: a flag, or one value of its list. */
  readonly without: string;
  /** The exit status. */
  readonly code: number;
  /** What standard error says then, and not otherwise. */
  readonly says: RegExp;
  /** The script to run instead of a first boot, if the permission is for that. */
  readonly script?: string;
  /** Whether it is tried only if all tests are run. */
  readonly slow?: boolean;
}

const REFUSED_CONNECTION =
  "The program was compiled without the permission to connect there";
const REFUSED_PATH =
  "the program was compiled without the permission for this path";
const STATE = "/var/lib/azure-provisioning";

/** Runs the program against a platform on the VM's loopback; $simulate is the compiled program. */
const TRY_OUT = `
  "$simulate" simulate --wireserver 127.0.0.1:8080 --imds 127.0.0.1:8081 >/run/platform 2>&1 & platform=$!
  while ! grep -q IMDS /run/platform; do sleep 0.05; done
  status=0; program --wireserver 127.0.0.1:8080 --imds 127.0.0.1:8081 || status=$?
  kill "$platform"; exit "$status"`;

/** The folders that may hold programs, and those for programs that are not root's alone. */
const FOLDERS = [
  "/usr/bin",
  "/bin",
  "/usr/sbin",
  "/sbin",
  "/run/current-system/sw/bin",
];
const ORDINARY_FOLDERS = FOLDERS.filter((it) => !it.includes("sbin"));

/** Each permission, and what fails without it. */
const LACKS: readonly Lack[] = [
  {
    without: "168.63.129.16:80",
    code: 77,
    says: new RegExp(
      `Error: Cannot get the goal state .*: ${REFUSED_CONNECTION}`,
    ),
  },
  {
    without: "169.254.169.254:80",
    code: 0,
    says: new RegExp(`Warning: .*metadata.*: ${REFUSED_CONNECTION}`),
  },
  {
    without: "127.0.0.1",
    code: 77,
    says: new RegExp(REFUSED_CONNECTION),
    script: TRY_OUT,
  },
  {
    without: "--allow-read",
    code: 78,
    says: new RegExp(`Cannot use the configuration file .*: ${REFUSED_PATH}`),
  },
  {
    without: STATE,
    code: 0,
    says: new RegExp(`Cannot write the mark .*: ${REFUSED_PATH}`),
  },
  ...["/etc/hostname", "/etc/.hostname.azure-provisioning"].map((path) => ({
    without: path,
    code: 0,
    says: new RegExp(`cannot write "/etc/hostname": ${REFUSED_PATH}`),
  })),
  ...["/etc/hosts", "/etc/.hosts.azure-provisioning"].map((path) => ({
    without: path,
    code: 0,
    says: new RegExp(
      `Cannot add the host name to "/etc/hosts": ${REFUSED_PATH}`,
    ),
  })),
  {
    without: "/var/lib/hyperv/.kvp_pool_1",
    code: 0,
    says: new RegExp(`Warning: Cannot write the telemetry .*: ${REFUSED_PATH}`),
    script: "mkdir /var/lib/hyperv; >/var/lib/hyperv/.kvp_pool_1; program",
  },
  {
    without: "/run/azure-provisioning/ovf-env.xml",
    code: 0,
    says: new RegExp(
      `Warning: Cannot remove the copy of what the provisioning media say, .*: ${REFUSED_PATH}`,
    ),
    script:
      "mkdir /run/azure-provisioning; >/run/azure-provisioning/ovf-env.xml; program",
  },
  {
    without: "/run/azure-provisioning/media-unwanted",
    code: 0,
    says: new RegExp(
      `Warning: Cannot write "/run/azure-provisioning/media-unwanted": ${REFUSED_PATH}`,
    ),
    script: "mkdir /run/azure-provisioning; program",
  },
  {
    without: "/run/azure-provisioning/began",
    code: 0,
    says: new RegExp(
      `Warning: Cannot write "/run/azure-provisioning/began": ${REFUSED_PATH}`,
    ),
    script: "mkdir /run/azure-provisioning; JOURNAL_STREAM=1:1 program",
  },
  ...ORDINARY_FOLDERS.flatMap((folder) =>
    ["hostnamectl", "hostname"].map((program): Lack => ({
      without: `${folder}/${program}`,
      code: 0,
      says: new RegExp(
        `Warning: .*${folder}/${program}: the program was compiled without the permission to run it`,
      ),
      script: withOnly(`${folder}/${program}`),
      slow: folder !== "/usr/bin",
    }))
  ),
  ...ORDINARY_FOLDERS.map((folder): Lack => ({
    without: `${folder}/grep`,
    code: 69,
    says: /^Error: Cannot get the goal state/m,
    script: withOnlyGrep(`${folder}/grep`),
    slow: folder !== "/usr/bin",
  })),
  {
    without: "hostname",
    code: 0,
    says:
      /Warning: .*Requires sys access to "hostname".*; the VM keeps the name/,
  },
  {
    without: "--allow-env=JOURNAL_STREAM",
    code: 0,
    says: /^Retrieving goal state/m,
    script: "export JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2); program",
  },
];

const FOLDER = `(?:${FOLDERS.join("|")})`;

/**
 * Permissions that only whole machines need, for a login or a DHCP client, and the tests
 * that would fail without them. That was not tried for each folder.
 */
const MISSED_ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^\/home$/, "tests/boot/login/login_test.ts"],
  [
    /^\/((var|usr|usr\/local|export|data)\/home|users|srv)$/,
    "tests/boot/login/homes_test.ts",
  ],
  [/^statfs$/, "tests/boot/login/homes_test.ts"],
  [
    /^\/etc\/((passwd|g?shadow|group)(\+|\.lock)|sub[ug]id\.lock)$/,
    "tests/boot/login/cut_off_test.ts",
  ],
  [/^\/etc\/ssh\/sshd_config\.d\//, "tests/boot/login/login_test.ts"],
  [
    /^\/etc\/ssh\/authorized_keys(\.d)?$/,
    "tests/boot/login/last_look_test.ts",
  ],
  [/^\/etc\/sudoers\.d\//, "tests/boot/login/admin_rights_test.ts"],
  [/^\/etc\/\.?doas\.conf/, "tests/boot/login/admin_rights_test.ts"],
  [
    new RegExp(
      `^${FOLDER}/(useradd|usermod|adduser|addgroup|chpasswd|visudo|restorecon)$`,
    ),
    "tests/boot/login/login_test.ts",
  ],
  [
    new RegExp(`^${FOLDER}/(getent|groupadd)$`),
    "tests/boot/login/other_sources_test.ts",
  ],
  [new RegExp(`^${FOLDER}/kill$`), "tests/boot/login/reload_sshd_test.ts"],
  [
    new RegExp(`^${FOLDER}/mkdir$`),
    "tests/boot/login/missing_folders_test.ts",
  ],
  [
    new RegExp(
      `^${FOLDER}/(${DNS_PROGRAMS.join("|")})$`,
    ),
    "tests/boot/name_in_dns_test.ts",
  ],
];

function isMissedElsewhere(permission: string): boolean {
  return MISSED_ELSEWHERE.some(([pattern]) => pattern.test(permission));
}

/** Returns a first boot on a machine whose only program to set the host name is at `path`. */
function withOnly(path: string): string {
  return `${emptyRoot()}
  cp "$(command -v hostname)" "$root/hostname"
  printf '#!/bin/sh\\nfor name; do :; done\\nexec /hostname "$name"\\n' >"$root${path}"
  chmod +x "$root${path}"
  program`;
}

/** Returns a first boot off Azure, without an answer, on a machine whose only program is a grep. */
function withOnlyGrep(path: string): string {
  return `${emptyRoot()}
  cp "$(command -v grep)" "$root${path}"
  mkdir -p "$root/sys/class/dmi/id"
  echo another >"$root/sys/class/dmi/id/chassis_asset_tag"
  ip addr flush dev eth0
  program`;
}

/** Makes a root at $root for the program, with files, and no programs but a shell. */
function emptyRoot(): string {
  return `
  root=/run/root
  for folder in ${FOLDERS.join(" ")}; do mkdir -p "$root$folder"; done
  for folder in etc dev proc tmp var lib lib64 usr/lib usr/lib64 root opt home; do
    [ -d "/$folder" ] || continue
    mkdir -p "$root/$folder"; mount --rbind "/$folder" "$root/$folder"
  done
  mkdir -p "$root${ROOT}"; mount --bind "${ROOT}" "$root${ROOT}"
  cp "$deno" "$root/deno"; deno=/deno
  cp "$(command -v dash || command -v sh)" "$root/bin/sh"
  printf '#!/bin/sh\\ncd "${ROOT}"\\nexec "$@"\\n' >"$root/enter"
  chmod +x "$root/enter"
  enter="chroot $root /enter"`;
}

Deno.test({
  name:
    "the compiled permissions are the least: without any one of them, a first boot fails or warns",
  ignore: VM_OBSTACLE !== undefined,
  fn: async (t) => {
    assertEquals(
      LACKS.map((it) => it.without).sort(),
      FLAGS.flatMap(valuesOf).filter((it) => !isMissedElsewhere(it)).sort(),
      "each permission is in the table",
    );
    for (const [pattern, test] of MISSED_ELSEWHERE) {
      assert(FLAGS.flatMap(valuesOf).some((it) => pattern.test(it)));
      assert((await Deno.stat(`${ROOT}${test}`)).isFile);
    }
    const lacks = LACKS.filter((it) => RUNS_ALL || !it.slow);
    if (lacks.length < LACKS.length) {
      console.error(
        "Programs in folders other than /usr/bin are left out: set AZURE_PROVISIONING_TESTS=all",
      );
    }
    const whole = new Map<string, Promise<ProgramResult>>();
    const results = pool(lacks.map((it) => () => runBoth(it, whole)), 2);
    for (const [index, { without, code, says }] of lacks.entries()) {
      await t.step(`without ${without}`, async () => {
        const { all, less } = await results[index]!();
        assertEquals(all.code, 0, all.stderr);
        assertNotMatch(all.stderr, says);
        assertEquals(less.code, code, less.stderr);
        assertMatch(less.stderr, says);
      });
    }
  },
});

function valuesOf(flag: string): string[] {
  const values = flag.split("=")[1];
  return values?.includes(",") ? values.split(",") : [flag];
}

/** Runs a script with all permissions, once for each script, and with one less. */
async function runBoth(
  { script = "program", without }: Lack,
  whole: Map<string, Promise<ProgramResult>>,
): Promise<{ all: ProgramResult; less: ProgramResult }> {
  const all = whole.get(script) ?? boot(script, FLAGS);
  whole.set(script, all);
  return { all: await all, less: await boot(script, flagsWithout(without)) };
}

function flagsWithout(lack: string): string[] {
  return FLAGS.flatMap((flag) => {
    const values = valuesOf(flag);
    if (!values.includes(lack)) return [flag];
    const kept = values.filter((value) => value !== lack);
    return kept.length === 0 ? [] : [`${flag.split("=")[0]}=${kept.join(",")}`];
  });
}

/** Runs the program from source: the permissions are the same, and nothing has to be compiled. */
async function boot(
  script: string,
  flags: readonly string[],
): Promise<ProgramResult> {
  await using vm = await createVm({ root: "machine" });
  const platform = await vm.startPlatform([]);
  const result = await vm.run(programOf(flags) + script);
  await platform.stop();
  return result;
}

function programOf(flags: readonly string[]): string {
  const environment = ["HOME", "DENO_DIR", "JSR_URL"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [`export ${name}='${value}'`];
  }).join("; ");
  return `${environment}
  simulate=$0 deno='${Deno.execPath()}' enter=
  program() {
    $enter "$deno" run --quiet --no-prompt --cached-only --no-check ${
    [...DENO_FLAGS, ...flags].join(" ")
  } '${ROOT}main.ts' provision --timeout 5 "$@"
  }
  `;
}
