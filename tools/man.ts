/**
 * Writes the man pages into `docs/man`. Options, parts, keys and exit statuses come from
 * the program's tables, the annotated configuration file, `docs/troubleshooting.md` and
 * the help of `install.sh`.
 *
 * @module
 */

import type { Command } from "../lib/cli/command.ts";
import { COMMANDS } from "../lib/cli/commands.ts";
import { DEFAULT_COMMAND } from "../lib/cli/provision_command.ts";
import {
  COMMAND_OPTIONS,
  COMMON_OPTIONS,
  type OptionSpec,
} from "../lib/cli/option_specs.ts";
import { PARTS } from "../lib/parts/parts.ts";
import { PROGRAM_NAME, VERSION } from "../lib/version.ts";
import {
  bold,
  definitions,
  escape,
  manPage,
  paragraphs,
  prose,
  seeAlso,
  verbatim,
} from "./roff.ts";

/** The folder of the pages. */
export const MAN_FOLDER = "docs/man";

const SOURCE = `${PROGRAM_NAME} ${VERSION}`;
const PROGRAM_PAGE = [PROGRAM_NAME, 8] as const;
const CONFIG_PAGE = [`${PROGRAM_NAME}.conf`, 5] as const;
const INSTALL_PAGE = [`${PROGRAM_NAME}-install`, 8] as const;

/** A file of a man page. */
export interface ManFile {
  /** Its name. */
  readonly name: string;
  /** Its text. */
  readonly text: string;
}

/** Makes every man page; `root` is the repository, with a slash at the end. */
export async function manFiles(root: string): Promise<ManFile[]> {
  const read = (path: string) => Deno.readTextFile(`${root}${path}`);
  const statuses = exitStatuses(await read("docs/troubleshooting.md"));
  const config = await read("units/common/azure-provisioning.conf");
  const helps = {
    install: await helpOf(`${root}install.sh`),
    check: await helpOf(`${root}install.sh`, "--check"),
    generalize: await helpOf(`${root}install.sh`, "--generalize"),
  };
  return [
    file(PROGRAM_PAGE, await programPage(statuses)),
    file(CONFIG_PAGE, configPage(config)),
    file(INSTALL_PAGE, installPage(helps)),
  ];
}

function file(
  [name, section]: readonly [string, number],
  text: string,
): ManFile {
  return { name: `${name}.${section}`, text };
}

async function programPage(
  statuses: readonly (readonly [string, string])[],
): Promise<string> {
  return manPage(
    {
      name: PROGRAM_NAME,
      section: 8,
      summary: "complete the first boot of a Linux VM on Azure",
      source: SOURCE,
    },
    [
      {
        heading: "SYNOPSIS",
        body: `.B ${
          escape(PROGRAM_NAME)
        }\n[\\fIOPTION\\fR]... [\\fICOMMAND\\fR] [\\fIARGUMENT\\fR]...`,
      },
      {
        heading: "DESCRIPTION",
        body: paragraphs(
          `Names the host, sets up the admin user and its SSH keys, and reports to the platform that this VM is ready, or why it is not. The first-boot service runs it; without a command it runs \`${DEFAULT_COMMAND}\`. It does its work once in a VM, and nothing on a machine that is not on Azure.`,
          "The addresses that it talks to by default are real ones: outside of Azure, name those of `simulate` with `--wireserver` and `--imds`.",
        ),
      },
      {
        heading: "COMMANDS",
        body: (await Promise.all(COMMANDS.map(commandSection))).join("\n"),
      },
      { heading: "OPTIONS OF EVERY COMMAND", body: optionList(COMMON_OPTIONS) },
      {
        heading: "PARTS",
        body: `${
          paragraphs(
            "A first boot is made of these parts, in this order. `--with` requires some, `--without` leaves some out.",
          )
        }\n${
          definitions(
            PARTS.map((part) => [
              bold(part.name),
              `${sentence(part.summary)} It needs ${sentenceEnd(part.needs)}`,
            ]),
          )
        }`,
      },
      {
        heading: "FILES",
        body: definitions([
          [bold("/etc/azure-provisioning.conf"), "The configuration file."],
          [
            bold("/var/lib/azure-provisioning"),
            "The mark of a VM that is done (`provisioned.json`) and its UUID (`boot-done`), the record of the last run (`status.json`), and the VM's `userData` and `customData`.",
          ],
          [
            bold("/run/azure-provisioning/ovf-env.xml"),
            "A copy of what the provisioning media say, during a run.",
          ],
          [
            bold("/var/log/azure-provisioning.log"),
            "The log, with other inits than systemd.",
          ],
        ]),
      },
      {
        heading: "EXIT STATUS",
        body: definitions(
          statuses.map(([status, meaning]) => [bold(status), meaning]),
        ),
      },
      { heading: "SEE ALSO", body: seeAlso([CONFIG_PAGE, INSTALL_PAGE]) },
    ],
  );
}

async function commandSection(command: Command): Promise<string> {
  const { name, summary, args } = command;
  const details = [command.details, await command.moreDetails?.() ?? ""]
    .filter((it) => it !== "").join("\n\n");
  const own = COMMAND_OPTIONS.filter((it) => command.options.includes(it.name));
  return [
    `.SS "${escape(`${name} ${args}`.trim())}"`,
    prose(sentence(summary)),
    ...(details === "" ? [] : [".PP", detailsOf(details)]),
    ...(own.length === 0 ? [] : [optionList(own)]),
  ].join("\n");
}

/** Keeps indented lines, which are tables, as they are. */
function detailsOf(details: string): string {
  return details.split("\n\n").map((block) => {
    const lines = block.split("\n");
    const first = lines.findIndex((line) => line.startsWith(" "));
    if (first === -1) return prose(block);
    return [
      prose(lines.slice(0, first).join("\n")),
      verbatim(lines.slice(first).join("\n")),
    ].join("\n");
  }).join("\n.PP\n");
}

function optionList(specs: readonly OptionSpec[]): string {
  return definitions(specs.map((spec) => [
    "value" in spec
      ? `${bold(`--${spec.name}`)} \\fI${escape(spec.value)}\\fR`
      : bold(`--${spec.name}`),
    sentence(spec.help),
  ]));
}

/** Reads the exit statuses of `docs/troubleshooting.md`. */
function exitStatuses(page: string): [status: string, meaning: string][] {
  const section = page.split("\n## Exit status\n")[1]?.split("\n## ")[0] ?? "";
  return section.split(/^- /m).slice(1).map((item) => {
    const text = item.replaceAll(/\s+/g, " ").trim();
    const at = text.indexOf(": ");
    return [
      text.slice(0, at).replaceAll("`", ""),
      sentence(text.slice(at + 2)),
    ];
  });
}

function configPage(config: string): string {
  const [intro = "", ...blocks] = config.split("\n\n");
  const about = commentOf(intro).split("\n\n").slice(1).join("\n\n");
  const keys = blocks.map((block) => {
    const [, key = "", value = ""] = /^#([a-z-]+) = (.*)$/m.exec(block) ?? [];
    const text = commentOf(block).replaceAll("\n", " ");
    const meaning = text.endsWith("Example:")
      ? `${text} \`${key} = ${value}\`.`
      : `${text} Default: \`${value}\`.`;
    return [bold(key), meaning] as const;
  });
  return manPage(
    {
      name: CONFIG_PAGE[0],
      section: CONFIG_PAGE[1],
      summary: `configuration of ${PROGRAM_NAME}`,
      source: SOURCE,
    },
    [
      { heading: "SYNOPSIS", body: bold("/etc/azure-provisioning.conf") },
      {
        heading: "DESCRIPTION",
        body: paragraphs(
          about.replaceAll(
            / Every key is here,\ncommented out: remove the "#" to set it\./g,
            "",
          ).replaceAll("\n", " "),
        ),
      },
      { heading: "KEYS", body: definitions(keys) },
      { heading: "SEE ALSO", body: seeAlso([PROGRAM_PAGE, INSTALL_PAGE]) },
    ],
  );
}

/** Returns the text of a block's comment; an empty comment line separates paragraphs. */
function commentOf(block: string): string {
  return block.split("\n").filter((line) => /^#( |$)/.test(line))
    .map((line) => line.slice(2)).join("\n");
}

interface Helps {
  readonly install: Help;
  readonly check: Help;
  readonly generalize: Help;
}

function installPage({ install, check, generalize }: Helps): string {
  return manPage(
    {
      name: INSTALL_PAGE[0],
      section: INSTALL_PAGE[1],
      summary:
        `put ${PROGRAM_NAME} into an image, check it, ready it for capture`,
      source: SOURCE,
    },
    [
      {
        heading: "SYNOPSIS",
        body: install.usage.map((line) => {
          const [command, ...meaning] = line.split(/ {2,}/);
          return definitions([[bold(command!), sentence(meaning.join(" "))]]);
        }).join("\n"),
      },
      {
        heading: "DESCRIPTION",
        body: paragraphs(
          "`install.sh` is part of the release, and is not installed itself. It is a script for any POSIX shell, never downloads anything, and runs nothing of the tree that it works on.",
        ),
      },
      { heading: "INSTALL AND UNINSTALL", body: helpBody(install) },
      { heading: "CHECK", body: helpBody(check) },
      { heading: "GENERALIZE", body: helpBody(generalize) },
      {
        heading: "ENVIRONMENT",
        body: definitions([
          [bold("DESTDIR"), "The same as `--root`."],
          [bold("PREFIX"), "The same as `--prefix`."],
          [bold("S6_SCANDIR"), "The folder that `s6-svscan` looks into."],
        ]),
      },
      { heading: "SEE ALSO", body: seeAlso([PROGRAM_PAGE, CONFIG_PAGE]) },
    ],
  );
}

/** The help of a script. */
interface Help {
  /** The ways to call it. */
  readonly usage: readonly string[];
  /** The paragraphs beside usage and options. */
  readonly texts: readonly string[];
  /** Its options and their meanings. */
  readonly options: readonly (readonly [option: string, meaning: string])[];
}

async function helpOf(script: string, ...args: string[]): Promise<Help> {
  const { success, stdout } = await new Deno.Command("sh", {
    args: [script, ...args, "--help"],
    stderr: "inherit",
  }).output();
  if (!success) {
    throw new Error(
      `Cannot get the help of "${script}": it failed with --help`,
    );
  }
  return readHelp(new TextDecoder().decode(stdout));
}

/** Parses the text that a script prints for `--help`. */
export function readHelp(help: string): Help {
  const usage: string[] = [];
  const texts: string[] = [];
  const options: [string, string][] = [];
  for (const block of help.trim().split(/\n\n+/)) {
    const lines = block.split("\n");
    if (lines[0]!.startsWith("Usage: ")) {
      usage.push(...lines.map((line) => line.replace("Usage:", "").trim()));
    } else if (lines[0]!.startsWith("  --")) {
      for (const line of lines) {
        const [, option, meaning = ""] = /^ {2}(--\S+(?: [A-Z]+)?) +(.*)$/
          .exec(line) ?? [];
        if (option !== undefined) options.push([option, meaning]);
        else options.at(-1)![1] += `; ${line.trim()}`;
      }
    } else {
      texts.push(lines.join(" "));
    }
  }
  return { usage, texts, options };
}

function helpBody({ texts, options }: Help): string {
  const statusTexts = texts.filter((text) => text.includes("Exit status"));
  const others = texts.filter((text) => !statusTexts.includes(text));
  return [
    ...(others.length === 0 ? [] : [paragraphs(...others)]),
    definitions(options.map(([option, meaning]) => {
      const [name = "", value] = option.split(" ");
      const term = value === undefined
        ? bold(name)
        : `${bold(name)} \\fI${escape(value)}\\fR`;
      return [term, sentence(meaning)];
    })),
    ".PP",
    paragraphs(...statusTexts),
  ].join("\n");
}

function sentence(text: string): string {
  return sentenceEnd(text.charAt(0).toUpperCase() + text.slice(1));
}

function sentenceEnd(text: string): string {
  return /[.:?]$/.test(text) ? text : `${text}.`;
}

if (import.meta.main) {
  await Deno.mkdir(MAN_FOLDER, { recursive: true });
  for (const { name, text } of await manFiles("")) {
    await Deno.writeTextFile(`${MAN_FOLDER}/${name}`, text);
  }
}
