/** What was seen of processes. */
export interface SeenProcesses {
  /** The processes whose command line or environment had the text. */
  readonly showing: readonly string[];
  /** The limits, soft and hard, of a core dump's size, of the machine's programs by name. */
  readonly coreLimits: ReadonlyMap<string, string>;
}

/** A search that goes on. */
export interface ProcessSearch extends AsyncDisposable {
  /** Ends it, and says what was seen. */
  stop(): Promise<SeenProcesses>;
}

/** How long it rests between two looks, in milliseconds. */
const REST_MS = 2;

/**
 * Looks at all processes, again and again, for a text in their command lines and
 * environments.
 *
 * @param text The text; no process of the test itself may have it.
 * @param machine Has one process of the machine, or throws as long as there is none.
 */
export function searchProcesses(
  text: string,
  machine: () => number,
): ProcessSearch {
  const showing: string[] = [];
  const coreLimits = new Map<string, string>();
  let ended = false;
  const look = async () => {
    while (!ended) {
      const namespace = namespaceOf(machine);
      for await (const { name: id } of Deno.readDir("/proc")) {
        if (!/^[0-9]+$/.test(id)) continue;
        const line = read(`/proc/${id}/cmdline`);
        // A script has its name after its shell's.
        const [shell = "", script = ""] = line.split("\0");
        const name = baseName(shell === "/bin/sh" ? script : shell);
        if ((line + read(`/proc/${id}/environ`)).includes(text)) {
          showing.push(`${id} ${name}`);
        }
        if (namespace === undefined || coreLimits.has(name)) continue;
        if (namespaceOf(() => id) !== namespace) continue;
        const limit = /^Max core file size +(\S+ +\S+)/m
          .exec(read(`/proc/${id}/limits`))?.[1];
        if (limit !== undefined) coreLimits.set(name, limit);
      }
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  };
  const looking = look();
  const stop = async () => {
    ended = true;
    await looking;
    return { showing, coreLimits };
  };
  return {
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The namespace of processes that a process is in; it may have ended, or not begun. */
function namespaceOf(process: () => number | string): string | undefined {
  try {
    return Deno.readLinkSync(`/proc/${process()}/ns/pid`);
  } catch {
    return undefined;
  }
}

/** A process may end meanwhile. */
function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
