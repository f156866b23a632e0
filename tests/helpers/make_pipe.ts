/**
 * Makes a named pipe (FIFO).
 *
 * @param path Where.
 */
export async function makePipe(path: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("mkfifo", {
    args: [path],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
