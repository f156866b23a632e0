import { waitUntil } from "../../helpers/wait_until.ts";
import type { Word } from "./_serial_agent.ts";

/** QEMU waits for the test before it starts the machine. */
const CONNECT_MS = 30_000;

/** The test's end of the line to the agent in a machine. */
export interface SerialLine extends AsyncDisposable {
  /** What the agent has said after a word, or `undefined` if it has not said the word. */
  heard(word: Word): string | undefined;
  /** Asks the agent for the end. */
  askForEnd(): Promise<void>;
}

/**
 * Connects to the agent's serial port.
 *
 * @param socket Where QEMU has it.
 * @param failIfEnded Throws if QEMU has ended.
 * @returns The line; disposing of it hangs up.
 */
export async function connectToAgent(
  socket: string,
  failIfEnded: () => void,
): Promise<SerialLine> {
  let connection: Deno.UnixConn | undefined;
  await waitUntil("QEMU listens", async () => {
    failIfEnded();
    connection = await Deno.connect({ transport: "unix", path: socket })
      .catch(() => undefined);
    return connection !== undefined;
  }, CONNECT_MS);
  let said = "";
  const heard = listen(connection!, (text) => said += text);
  return {
    heard: (word) => new RegExp(`^${word} ?(.*)\\r?\\n`, "m").exec(said)?.[1],
    async askForEnd() {
      await connection!.write(new TextEncoder().encode("end\n"));
    },
    async [Symbol.asyncDispose]() {
      connection!.close();
      await heard;
    },
  };
}

/** It ends when either side hangs up. */
async function listen(
  connection: Deno.UnixConn,
  add: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1024);
  try {
    for (;;) {
      const count = await connection.read(buffer);
      if (count === null) return;
      add(decoder.decode(buffer.subarray(0, count), { stream: true }));
    }
  } catch (error) {
    const hungUp = [
      Deno.errors.BadResource,
      Deno.errors.ConnectionReset,
      Deno.errors.Interrupted,
    ];
    if (!hungUp.some((kind) => error instanceof kind)) throw error;
  }
}
