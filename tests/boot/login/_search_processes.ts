/** What was seen of the processes of this machine, and of those in containers. */
export interface SeenProcesses {
  /** The processes whose command line or environment had the text. */
  readonly showing: readonly string[];
  /** The names of all programs that ran. */
  readonly names: ReadonlySet<string>;
  /** The limits, soft and hard, of a core dump's size, by the program's name. */
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
 */
export function searchProcesses(text: string): ProcessSearch {
  const showing: string[] = [];
  const names = new Set<string>();
  const coreLimits = new Map<string, string>();
  let ended = false;
  const look = async () => {
    while (!ended) {
      for await (const { name: id } of Deno.readDir("/proc")) {
        if (!/^[0-9]+$/.test(id)) continue;
        const line = read(`/proc/${id}/cmdline`);
        const name = line.split("\0")[0]!.replace(/^.*\//, "");
        names.add(name);
        if ((line + read(`/proc/${id}/environ`)).includes(text)) {
          showing.push(`${id} ${name}`);
        }
        if (coreLimits.has(name)) continue;
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
    return { showing, names, coreLimits };
  };
  return {
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** A process may end meanwhile. */
function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
