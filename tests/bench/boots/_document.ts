/** The measured part of the document, which `tools/dev bench` takes from here as it is. */
export const MEASURED = "tests/bench/boots/measured.md";

const DOCUMENT = "docs/performance.md";

/** How boots were measured. */
export interface BootsMeasured {
  /** The date. */
  readonly date: string;
  /** The command that measures again. */
  readonly command: string;
  /** How many rounds there were. */
  readonly rounds: number;
  /** The tables in Markdown, by the roots' names. */
  readonly tables: Readonly<Record<string, string>>;
  /** When the units ran, as an SVG, by the roots' names; only with systemd. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** Writes the measured part of the document. */
export function bootsPart(
  { date, command, rounds, tables, pictures }: BootsMeasured,
): string {
  const intro =
    `Measured on ${date} in ${rounds} rounds, with \`${command}\`. Medians in milliseconds, and first to third quartile; what is added is taken within each round.`;
  const parts = Object.entries(tables).map(([root, table]) =>
    root in pictures
      ? `### ${root}\n\n${table}\n\n![When the units run on ${root}](${
        pictureName(root)
      })`
      : `### ${root}\n\n${table}`
  );
  return `${wrap([intro, ...parts].join("\n\n"))}\n`;
}

/** The widest line of prose. */
const WIDTH = 100;

/** Breaks the lines of prose that are too wide; tables and pictures stay as they are. */
function wrap(text: string): string {
  return text.split("\n").flatMap((line) => {
    if (line.length <= WIDTH || /^[|!]/.test(line)) return [line];
    const lines = [""];
    for (const word of line.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trimStart();
      if (longer.length <= WIDTH) lines.splice(-1, 1, longer);
      else lines.push(word);
    }
    return lines;
  }).join("\n");
}

/**
 * Puts a new measured part in the place of the old one.
 *
 * @throws {TypeError} If the document does not have the old one.
 */
export function replacePart(
  document: string,
  before: string,
  after: string,
): string {
  if (!document.includes(before.trim())) {
    throw new TypeError(
      `${DOCUMENT} does not have what ${MEASURED} says: run tools/dev bench`,
    );
  }
  return document.replace(before.trim(), () => after.trim());
}

function pictureName(root: string): string {
  return `performance_boot_${root}.svg`;
}

/** Writes both files, and the pictures. */
export async function writeBoots(measured: BootsMeasured): Promise<void> {
  const before = await Deno.readTextFile(MEASURED);
  await Deno.writeTextFile(MEASURED, bootsPart(measured));
  await format(MEASURED);
  const after = await Deno.readTextFile(MEASURED);
  const document = await Deno.readTextFile(DOCUMENT);
  await Deno.writeTextFile(DOCUMENT, replacePart(document, before, after));
  await format(DOCUMENT);
  for (const [root, svg] of Object.entries(measured.pictures)) {
    await Deno.writeTextFile(`docs/${pictureName(root)}`, svg);
  }
}

async function format(path: string): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "-q", path],
  }).output();
  if (!success) throw new Error(`Cannot format ${path}`);
}
