/**
 * The programs that are compared: a new one is an entry here.
 *
 * @module
 */

/** The short names of the contestants. */
export type ContestantName =
  | "ours"
  | "ours-unnamed"
  | "empty"
  | "script"
  | "article"
  | "shell"
  | "deno"
  | "c";

/** One of the programs that are measured side by side. */
export interface Contestant {
  /** Its short name. */
  readonly name: ContestantName;
  /** Its name in the document. */
  readonly title: string;
  /** Its command line, inside its root. */
  readonly argv: readonly [string, ...string[]];
  /** The packages in its root, which come with all their dependencies. */
  readonly packages: readonly string[];
  /** The programs in its root, which come with their libraries. */
  readonly programs: readonly string[];
  /** Further files in its root: their paths there, and their sources. */
  readonly copies: Readonly<Record<string, string>>;
  /** Whether it reports Ready. */
  readonly reports: boolean;
  /** Whether it sets the host name. */
  readonly names: boolean;
}

/** The files that are made for the contestants. */
export interface Made {
  /** The compiled program. */
  readonly binary: string;
  /** An empty program, compiled alike. */
  readonly empty: string;
  /** The same in TypeScript, compiled alike. */
  readonly deno: string;
  /** The same in C, compiled, or `undefined` if there is no compiler. */
  readonly c: string | undefined;
}

const OURS = "/usr/local/bin/azure-provisioning";

/**
 * Lists the contestants.
 *
 * @param folder Where the scripts are.
 * @returns Those that can take part, in the order of the document.
 */
export function contestants(made: Made, folder: string): Contestant[] {
  const script = (name: string) => ({
    [`/bench/${name}`]: `${folder}/${name}`,
  });
  const all: (Contestant & { readonly absent?: boolean })[] = [
    {
      name: "ours",
      title: "this program",
      argv: [OURS],
      packages: [],
      programs: ["/usr/bin/hostname"],
      copies: { [OURS]: made.binary },
      reports: true,
      names: true,
    },
    {
      name: "ours-unnamed",
      title: "this program, without a host-name tool on the machine",
      argv: [OURS],
      packages: [],
      programs: [],
      copies: { [OURS]: made.binary },
      reports: true,
      names: false,
    },
    {
      name: "empty",
      title: "an empty program, compiled alike (the floor)",
      argv: ["/bench/empty"],
      packages: [],
      programs: [],
      copies: { "/bench/empty": made.empty },
      reports: false,
      names: false,
    },
    {
      name: "script",
      title: "the article's Python script alone",
      argv: ["/usr/bin/python3", "/bench/article.py"],
      packages: ["python3"],
      programs: [],
      copies: script("article.py"),
      reports: true,
      names: false,
    },
    {
      name: "article",
      title: "the article's whole first boot: the script, curl, hostname",
      argv: ["/bin/sh", "/bench/article.sh"],
      packages: ["python3", "curl"],
      programs: ["/bin/sh", "/usr/bin/hostname"],
      copies: { ...script("article.py"), ...script("article.sh") },
      reports: true,
      names: true,
    },
    {
      name: "shell",
      title: "the same in POSIX sh with curl",
      argv: ["/bin/sh", "/bench/first_boot.sh"],
      packages: ["curl"],
      programs: ["/bin/sh", "/usr/bin/hostname"],
      copies: script("first_boot.sh"),
      reports: true,
      names: true,
    },
    {
      name: "deno",
      title: "the script in Deno, without retries, checks or files",
      argv: ["/bench/first_boot"],
      packages: [],
      programs: [],
      copies: { "/bench/first_boot": made.deno },
      reports: true,
      names: false,
    },
    {
      name: "c",
      title: "the same in C, without retries or checks",
      argv: ["/bench/first_boot"],
      packages: [],
      programs: [],
      copies: { "/bench/first_boot": made.c ?? "" },
      reports: true,
      names: true,
      absent: made.c === undefined,
    },
  ];
  return all.filter(({ absent }) => absent !== true);
}
