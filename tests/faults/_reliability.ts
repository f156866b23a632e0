import type { PlatformRun, SeenTarget } from "./_platform_case.ts";
import { PROMISES } from "./_promises.ts";
import { requestsOf, type Scenario, USUAL_TIMEOUT_S } from "./_scenario.ts";
import type { FaultCase } from "./_fault_case.ts";
import { bootedCell } from "./_booted.ts";
import { MACHINE_CHAPTERS, type MachineChapter } from "./machine/mod.ts";
import { CHAPTERS } from "./platform/mod.ts";

/** What a scenario is called in the document. */
const TARGET_WORDS: Readonly<Record<SeenTarget, string>> = {
  "goal-state": "goal state",
  metadata: "metadata",
  health: "XML",
  "health-json": "JSON",
};

/**
 * Writes what a scenario is and what has to come of it as the first cells of a row.
 *
 * @returns The cells, each with its bar in front.
 */
export function expectedCells(scenario: Scenario): string {
  const { name, faults, vm = [], args = [], expected } = scenario;
  const { timeoutS = USUAL_TIMEOUT_S } = scenario;
  const how = [
    ...faults,
    ...vm.map(inShort),
    ...args,
    ...(timeoutS === USUAL_TIMEOUT_S ? [] : [`--timeout=${timeoutS}`]),
  ];
  return [
    name,
    how.map((it) => `\`${it}\``).join(" "),
    `${expected.code ?? 0}`,
    requestsOf(expected).filter(([, answers]) => answers !== "")
      .map(([target, answers]) => `${TARGET_WORDS[target]}: ${answers}`)
      .join("; ") || "none",
    code(expected.line.trim()),
  ].map((cell) => `| ${cell.replaceAll("|", "\\|")} `).join("");
}

/**
 * Writes what a fault of the machine is and what has to come of it as a row.
 *
 * @returns The row.
 */
export function machineRow(
  chapter: Pick<MachineChapter, "isBooted">,
  row: FaultCase,
): string {
  const status = [row.first, row.next].map(({ code }) => code).join(", then ");
  const cells = [row.name.replaceAll("|", "\\|"), status];
  if (chapter.isBooted) cells.push(bootedCell(chapter, row));
  return `| ${cells.join(" | ")} |`;
}

/** A run of every scenario, by its name. */
export type Measured = ReadonlyMap<string, PlatformRun>;

/**
 * Writes the document.
 *
 * @param measured What came of each scenario.
 * @returns Markdown.
 */
export function reliabilityDocument(measured: Measured): string {
  const count = CHAPTERS.flatMap(({ scenarios }) => scenarios).length;
  return `# Reliability

What the platform may do wrong, and what comes of it. Every row is a test: the
compiled program boots a machine of its own, in namespaces, against the
simulator at the platform's real addresses. \`tools/dev reliability\` runs the
${count} scenarios and writes this file; \`tools/dev test:faults\` runs them as
tests, and every pair of faults besides. Where no \`--timeout\` is named, it is
${USUAL_TIMEOUT_S} seconds.

In all of them, and with any two faults at once:

${PROMISES.map(([promise]) => `- ${promise}.`).join("\n")}

In the tables, \`-\` is a request without an answer, and \`503...\` is that answer
once or more often. XML and JSON are the two ways to report.

${CHAPTERS.map((chapter) => section(chapter, measured)).join("\n")}
## The machine

The same for what may be wrong with the machine itself, at its first boot and
the next one, with a platform that is well. The exit statuses over 100 are
signals and the runtime's own, where there is too little of something for any
program of this kind; the next boot works.

"Through the unit, booted" is the same fault on a machine that systemd boots, in
versions 252 and 257, where \`azure-provisioning.service\` starts the program in
its sandbox, and then once more: \`tools/dev test:boot\` plays these. Where the
program cannot begin, \`azure-provisioning-fallback.service\` starts it, and that
status follows. Other chapters need what a bare root does not have, and are
booted by tests of their own in \`tests/boot\`, with SSH and users, DHCP clients
and late networks, and firmware under QEMU.

${MACHINE_CHAPTERS.map(machineSection).join("\n")}
## Crashes

The program is killed before each system call of a first boot that reads,
writes or sends, and at 200 random moments; the next run always ends
provisioned, no file is ever half-written, and no mark is there without a Ready
that the platform took. Of several runs at once one works, and the others leave
with 75. A signal ends the program within two seconds, with one line, and
nothing is reported after it. \`tests/faults\` has these tests, too.
`;
}

function machineSection(
  chapter: (typeof MACHINE_CHAPTERS)[number],
): string {
  const { title, isBooted, cases } = chapter;
  const head = isBooted
    ? "| A first boot | Exit status | Through the unit, booted |\n| --- | --- | --- |"
    : "| A first boot | Exit status |\n| --- | --- |";
  return `### ${title}

${head}
${cases.map((row) => machineRow(chapter, row)).join("\n")}
`;
}

function section(
  { title, scenarios }: (typeof CHAPTERS)[number],
  measured: Measured,
): string {
  const rows = scenarios.map((scenario) => {
    const run = measured.get(scenario.name);
    if (run === undefined) throw new Error(`No run of "${scenario.name}"`);
    return `${expectedCells(scenario)}| ${run.seconds.toFixed(1)} |`;
  });
  return `## ${title}

| A platform that | Faults and options | Exit status | Answers | In the log | Took, s |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

/** A value may be 64 KiB long, or hold what would end a table. */
function inShort(option: string): string {
  const printable = JSON.stringify(option).slice(1, -1)
    .replaceAll(
      /[^ -~]|`/gu,
      (character) =>
        `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`,
    );
  return printable.length > 60 ? `${printable.slice(0, 57)}...` : printable;
}

function code(text: string): string {
  const fence = text.includes("\`") ? "\`\`" : "\`";
  return `${fence}${text}${fence}`;
}
