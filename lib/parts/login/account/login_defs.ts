import { isThere } from "../../../files/is_there.ts";
import {
  type LoginMachine,
  readIfThere,
  vendorFolderOf,
} from "../login_machine.ts";

/** The lowest ids of ordinary users and groups. */
export interface FirstIds {
  /** `UID_MIN`. */
  readonly user: number;
  /** `GID_MIN`. */
  readonly group: number;
}

/** What shadow's programs and busybox's use if nothing sets it. */
const DEFAULT_FIRST_ID = 1000;

/** Reads the lowest ids of ordinary users and groups from login.defs(5). */
export function readFirstIds(
  { etcDir }: Pick<LoginMachine, "etcDir">,
): FirstIds {
  const text = filesOf(etcDir).map((path) => readIfThere(path) ?? "").join(
    "\n",
  );
  return {
    user: idIn(text, "UID_MIN") ?? DEFAULT_FIRST_ID,
    group: idIn(text, "GID_MIN") ?? DEFAULT_FIRST_ID,
  };
}

/** Where the vendor's file is apart from the administrator's, drop-ins are read as well. */
function filesOf(etcDir: string): readonly string[] {
  const own = `${etcDir}/login.defs`;
  const vendor = `${vendorFolderOf(etcDir)}/login.defs`;
  if (!isThere(vendor)) return [own];
  const main = isThere(own) ? own : vendor;
  return [main, ...dropInsOf(vendor), ...dropInsOf(own)];
}

function dropInsOf(path: string): string[] {
  const folder = `${path}.d`;
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name)
      .filter((name) => name.endsWith(".defs")).sort()
      .map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

/** The last line counts. Like shadow, takes octal and hexadecimal numbers as well. */
function idIn(text: string, key: string): number | undefined {
  const lines = text.matchAll(
    new RegExp(`^[ \\t]*${key}[ \\t]+"?([0-9A-Fa-fx]+)"?[ \\t]*$`, "gm"),
  );
  const written = [...lines].at(-1)?.[1];
  if (written === undefined) return undefined;
  const id = Number(/^0[0-7]+$/.test(written) ? `0o${written}` : written);
  return Number.isSafeInteger(id) ? id : undefined;
}
