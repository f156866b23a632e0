import { run, succeed } from "../../helpers/command.ts";
import { missingProgram } from "../../helpers/missing_program.ts";
import { cached, shortHash } from "../_cache.ts";

/** Programs of busybox that make users; Debian's busybox has none of them. */
export const BUSYBOX_PROGRAMS: readonly string[] = [
  "adduser",
  "addgroup",
  "chpasswd",
];

const SETTINGS = {
  ...yes("STATIC", "LFS", "LONG_OPTS", "SHOW_USAGE", "BUSYBOX"),
  ...yes("ADDUSER", "FEATURE_ADDUSER_LONG_OPTIONS", "FEATURE_CHECK_NAMES"),
  ...yes("ADDGROUP", "FEATURE_ADDGROUP_LONG_OPTIONS", "CHPASSWD"),
  ...yes("FEATURE_ADDUSER_TO_GROUP", "FEATURE_SHADOWPASSWDS"),
  LAST_ID: "60000",
  FIRST_SYSTEM_ID: "100",
  LAST_SYSTEM_ID: "999",
};

const MAKING_TIMEOUT_MS = 900_000;

/** Builds it from Debian's source, with a list of packages of its own. */
const MAKE = `
  mkdir -p "$0/lists/partial" "$0/archives/partial"
  echo "deb-src http://deb.debian.org/debian bookworm main" >"$0/sources.list"
  get() {
    apt-get -q -o Dir::Etc::SourceList="$0/sources.list" \\
      -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$0/lists" \\
      -o Dir::Cache="$0" "$@"
  }
  cd "$0"
  get update
  get source --download-only busybox
  dpkg-source --no-check -x busybox_*.dsc source
  cd source
  make allnoconfig
  echo "$1" | while IFS== read -r name value; do
    sed -i "/\\bCONFIG_$name\\b/d" .config
    echo "CONFIG_$name=$value" >>.config
  done
  # It stops at the end of its input once everything is answered.
  yes '' | make oldconfig >/dev/null
  make -j2 busybox
  mv busybox "$0/busybox"
  cd "$0"
  rm -rf source lists archives *.bin busybox_*`;

/** Why it cannot be built here, or `undefined` if it can. */
export async function busyboxObstacle(): Promise<string | undefined> {
  const missing = missingProgram(["gcc", "make", "apt-get", "dpkg-source"]);
  if (missing !== undefined) return `it needs the program "${missing}"`;
  const { code, stdout } = await run("gcc", ["-print-file-name=libc.a"]);
  return code === 0 && stdout.startsWith("/")
    ? undefined
    : "it needs the C library for static programs";
}

/**
 * Builds a busybox that makes users, or finds it made by an earlier run.
 *
 * @returns The program; it needs no library.
 */
export async function busyboxThatMakesUsers(): Promise<string> {
  const settings = Object.entries(SETTINGS)
    .map(([name, value]) => `${name}=${value}`).join("\\n");
  const name = `programs/busybox-${await shortHash(settings + MAKE)}`;
  const folder = await cached(name, async (made) => {
    await succeed("sh", ["-euc", MAKE, made, settings], MAKING_TIMEOUT_MS);
  });
  return `${folder}/busybox`;
}

function yes(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, "y"]));
}
