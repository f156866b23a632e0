import { isThere } from "../../files/is_there.ts";
import { fileProblem, writeAtomically } from "../../files/write_atomically.ts";
import { type LoginMachine, readIfThere } from "./login_machine.ts";
import { sshdFiles } from "./sshd_files.ts";
import {
  type PasswordsAllowed,
  passwordsAllowed,
  readSshdSettings,
} from "./sshd_settings.ts";
import { ExitCode, ProvisioningError } from "../../provisioning_error.ts";
import { shorten } from "../../shorten.ts";

/** The folder whose files most distributions' sshd_config includes. */
export const SSHD_DROP_IN_FOLDER = "/etc/ssh/sshd_config.d";

/** Sorts before most of what others put there: the first value counts for sshd. */
export const SSHD_DROP_IN_NAME = "00-azure-provisioning.conf";

/**
 * What turns passwords off. PAM asks for them by way of keyboard-interactive, too, which
 * an sshd before 8.7 turns on with its older name.
 */
export const SSHD_WITHOUT_PASSWORDS =
  `# Written by azure-provisioning: the VM was made with password authentication off.
PasswordAuthentication no
KbdInteractiveAuthentication no
ChallengeResponseAuthentication no
`;

/** A line of sshd_config(5) that says something. */
export interface SshdDirective {
  /** Its keyword, lower-case. */
  readonly keyword: string;
  /** Its arguments, without their quotes. */
  readonly words: readonly string[];
  /** Its line, from 1. */
  readonly line: number;
}

/** A line that cannot be read as sshd reads it; for most, sshd does not start. */
export class SshdConfigError extends Error {
  override readonly name = "SshdConfigError";
}

/**
 * Reads a text of sshd_config(5) as sshd does (`process_server_config_line_depth` of its
 * servconf.c).
 *
 * @param text The text.
 * @returns Its directives, in their order, known or not.
 * @throws {SshdConfigError} If quotes are open at the end of a line, or it has a NUL.
 */
export function parseSshdConfig(text: string): SshdDirective[] {
  return text.split("\n").flatMap((content, index) => {
    const line = index + 1;
    // sshd goes on with the next line in the middle of such a one.
    if (content.includes("\0")) {
      throw new SshdConfigError(`line ${line} has a NUL`);
    }
    const { keyword, rest } = splitKeyword(content);
    return keyword === "" || keyword.startsWith("#") ? [] : [{
      keyword: keyword.toLowerCase(),
      words: splitWords(rest, line),
      line,
    }];
  });
}

/** What is blank before the first word counts as a word, which sshd passes over. */
function splitKeyword(line: string): Split {
  const split = splitWord(withoutEndBlanks(line));
  return split.keyword === "" ? splitWord(split.rest) : split;
}

interface Split {
  readonly keyword: string;
  readonly rest: string;
}

/**
 * See `strdelim` of OpenSSH's misc.c: blanks or one `=` end a word, and so do quotes,
 * which may begin inside it. A word whose quote has no end is none.
 */
function splitWord(text: string): Split {
  const at = text.search(/[ \t\r"=]/);
  if (at === -1) return { keyword: text, rest: "" };
  if (text[at] !== '"') {
    const rest = text.slice(at).replace(/^(?:=|[ \t\r]+=?)[ \t\r]*/, "");
    return { keyword: text.slice(0, at), rest };
  }
  const end = text.indexOf('"', at + 1);
  if (end === -1) return { keyword: "", rest: "" };
  return {
    keyword: text.slice(0, at) + text.slice(at + 1, end),
    rest: text.slice(end + 1).replace(/^[ \t\r]+/, ""),
  };
}

/** A regular expression would take quadratic time for a line of blanks. */
function withoutEndBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && " \t\r\f".includes(line[end - 1]!)) end--;
  return line.slice(0, end);
}

/** See `argv_split` of OpenSSH's misc.c: both kinds of quotes, few escapes, and comments. */
function splitWords(text: string, line: number): string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (isBlank(text[at])) continue;
    if (text[at] === "#") break;
    let word = "";
    let quote = "";
    for (; at < text.length && (quote !== "" || !isBlank(text[at])); at++) {
      const character = text[at]!;
      const next = text[at + 1] ?? "";
      if (character === "\\" && isEscapable(next, quote)) {
        word += next;
        at++;
      } else if (quote === "" && (character === '"' || character === "'")) {
        quote = character;
      } else if (character === quote) quote = "";
      else word += character;
    }
    if (quote !== "") {
      throw new SshdConfigError(`line ${line} has a quote without its end`);
    }
    words.push(word);
  }
  return words;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

function isEscapable(character: string, quote: string): boolean {
  return ["'", '"', "\\"].includes(character) ||
    (quote === "" && character === " ");
}

/** How many reasons are named. */
const MAX_REASONS = 3;

/**
 * Lets sshd take no passwords from its next start on.
 *
 * That they are off is said only after all that sshd reads has been read again, with
 * the file for it in its place.
 *
 * @param machine The machine.
 * @returns Whether it is so; otherwise the journal says why, and what to do.
 * @throws {ProvisioningError} If the file for it cannot be written.
 */
export function turnOffPasswords(
  { etcDir, log }: Pick<LoginMachine, "etcDir" | "log">,
): boolean {
  const config = ["/etc", "/usr/etc"].map((folder) =>
    `${folder}/ssh/sshd_config`
  ).find((path) => isThere(path.replace(/^\/etc/, etcDir)));
  if (config === undefined) {
    log.debug("There is no sshd_config to turn passwords off in");
    return false;
  }
  const planned = sshdFiles({ etcDir, withDropIn: true });
  const isIncluded = readSshdSettings(config, planned).settings
    .some(({ path, matches }) =>
      matches.length === 0 && planned.isDropIn(path)
    );
  if (isIncluded) writeDropIn(etcDir);
  const { settings, problem } = readSshdSettings(
    config,
    sshdFiles({ etcDir, withDropIn: false }),
  );
  const reasons = passwordsAllowed(settings).map(describe);
  if (problem !== undefined) reasons.unshift(`cannot tell, as ${problem}`);
  if (reasons.length === 0) return true;
  const more = reasons.length - MAX_REASONS;
  log.warn(
    `sshd may take passwords, although the VM was made without: ${
      reasons.slice(0, MAX_REASONS).join("; ")
    }${more > 0 ? `; and ${more} more` : ""}; mend that in the image${
      isIncluded
        ? ""
        : `, or include ${SSHD_DROP_IN_FOLDER}/*.conf at the start of its sshd_config`
    }`,
  );
  return false;
}

function describe(allowed: PasswordsAllowed): string {
  if (allowed.kind === "default") {
    return `nothing sets ${allowed.keyword}, which is on then`;
  }
  const { keyword, value, path, line, matches } = allowed.setting;
  const whom = matches.map((criteria) => ` in "Match ${shorten(criteria)}"`);
  return `line ${line} of "${shorten(path)}" sets ${keyword} to "${
    shorten(value)
  }"${whom.join("")}`;
}

function writeDropIn(etcDir: string): void {
  const path = `${etcDir}/ssh/sshd_config.d/${SSHD_DROP_IN_NAME}`;
  if (readIfThere(path) === SSHD_WITHOUT_PASSWORDS) return;
  try {
    writeAtomically(path, SSHD_WITHOUT_PASSWORDS, { mode: 0o644 });
  } catch (error) {
    throw new ProvisioningError(
      `Cannot write "${path}": ${
        fileProblem(error)
      }; see that /etc/ssh can be written`,
      {
        key: "passwords_not_turned_off",
        exitCode: ExitCode.cannotCreate,
        cause: error,
      },
    );
  }
}
