import { agentProgram } from "./_agent.ts";
import { succeed } from "../helpers/command.ts";
import { INITS } from "./_inits.ts";
import { install } from "./_install.ts";
import { layOver } from "./_overlay.ts";
import { putFiles } from "./_put_files.ts";
import type { Recipe } from "./_recipes.ts";
import { rootOf } from "./_roots.ts";
import { temporaryFolder } from "./_temporary_folder.ts";

/** An image that the program was installed into; machines are made from it. */
export interface Image extends AsyncDisposable {
  /** How its root was made. */
  readonly recipe: Recipe;
  /** Makes a machine that boots with what the image has, and keeps what it changes. */
  makeMachine(): Promise<Machine>;
}

/** A machine's disk; it can be booted again and again. */
export interface Machine extends AsyncDisposable {
  /** The tree that it boots. */
  readonly tree: string;
  /** Makes the tree writable again, after a shutdown has left it read-only. */
  makeWritable(): Promise<void>;
}

/**
 * Makes an image: a root from Debian packages that `install.sh` put the program
 * into, with the test's agent.
 *
 * @param recipe How its root is made.
 * @returns The image; disposing of it takes it away, the root stays.
 */
export async function makeImage(recipe: Recipe): Promise<Image> {
  const root = await rootOf(recipe);
  await using made = new AsyncDisposableStack();
  const dir = made.use(await temporaryFolder()).path;
  const { agent, powerOff } = INITS[recipe.init];
  const { changes } = await (async () => {
    await using overlay = await layOver([root], dir);
    await install(overlay.tree, recipe.init);
    await putFiles(
      overlay.tree,
      [agentProgram(powerOff), ...agent.files],
      agent.links,
    );
    return overlay;
  })();
  const resources = made.move();
  return {
    recipe,
    makeMachine: () => makeMachine([changes, root]),
    ...disposeOf(resources),
  };
}

/**
 * Captures a machine that is off: copies its tree.
 *
 * @returns A machine that has the copy.
 */
export async function capture(machine: Machine): Promise<Machine> {
  await using made = new AsyncDisposableStack();
  const copy = `${made.use(await temporaryFolder()).path}/copy`;
  await succeed("cp", ["--archive", "--reflink=auto", machine.tree, copy]);
  const { tree, makeWritable } = made.use(await makeMachine([copy]));
  return { tree, makeWritable, ...disposeOf(made.move()) };
}

async function makeMachine(layers: readonly string[]): Promise<Machine> {
  await using made = new AsyncDisposableStack();
  const folder = made.use(await temporaryFolder()).path;
  const { tree, makeWritable } = made.use(await layOver(layers, folder));
  return { tree, makeWritable, ...disposeOf(made.move()) };
}

function disposeOf(resources: AsyncDisposableStack): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
