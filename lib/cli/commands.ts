import type { RunCommand } from "./command.ts";
import { partNames } from "../parts/parts.ts";

/** A command of the program. */
export interface Command {
  /** Its name. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** The arguments it takes, as the help writes them. */
  readonly args: string;
  /** How many arguments it takes, at least and at most. */
  readonly argCount: readonly [least: number, most: number];
  /** The names of its own options. */
  readonly options: readonly string[];
  /** Whether it runs although the configuration file cannot be used, to report that. */
  readonly reportsProblem?: true;
  /** More for its help. */
  readonly details: string;
  /** Even more, which only the help loads. */
  readonly moreDetails?: () => Promise<string>;
  /** Loads it; a first boot loads one command and no other. */
  readonly load: () => Promise<{ run: RunCommand }>;
}

/** The command that runs where none is named. */
export const DEFAULT_COMMAND = "provision";

/** Every command: a new one is a file, and an entry here. */
export const COMMANDS: readonly Command[] = [
  {
    name: "provision",
    summary: "Set the host name, report ready, and mark this VM as done",
    args: "",
    argCount: [0, 0],
    options: [
      "force",
      "with",
      "without",
      "require-hostname",
      "admin-groups",
      "admin-shell",
      "admin-sudo",
      "health-protocol",
      "ovf-env",
      "config",
    ],
    reportsProblem: true,
    details:
      `This is the whole first boot, and what runs without a command.\nWith --health-protocol auto the health is reported as XML, and as JSON where\nthe platform refuses that. The parts, of --with and --without, are\n${
        partNames().join(", ")
      }.`,
    load: () => import("./commands/provision.ts"),
  },
  {
    name: "goal-state",
    summary: "Print the goal state's ids, from WireServer or a file",
    args: "[FILE|-]",
    argCount: [0, 1],
    options: ["json", "raw"],
    details: 'With FILE, or "-" for standard input, nothing is fetched.',
    load: () => import("./commands/goal_state.ts"),
  },
  {
    name: "health",
    summary: "Report that this VM is ready, or why it is not",
    args: "ready | not-ready --description TEXT",
    argCount: [1, 1],
    options: [
      "description",
      "health-protocol",
      "dry-run",
      "incarnation",
      "container-id",
      "instance-id",
    ],
    details:
      "With --incarnation, --container-id and --instance-id, or with\n--health-protocol json, no goal state is fetched.\nWith --dry-run the report is printed and not sent.",
    load: () => import("./commands/health.ts"),
  },
  {
    name: "hostname",
    summary: "Set the host name, from the metadata or as given, and print it",
    args: "[NAME]",
    argCount: [0, 1],
    options: ["dry-run"],
    details: "",
    load: () => import("./commands/hostname.ts"),
  },
  {
    name: "userdata",
    summary: "Write the user data of the metadata to a file, and run nothing",
    args: "",
    argCount: [0, 0],
    options: [],
    details:
      "The file is userData in the folder of --state-dir, for root alone. Units may run\nit: see azure-provisioning-userdata.service, which nothing enables by itself.",
    load: () => import("./commands/userdata.ts"),
  },
  {
    name: "report",
    summary: "Say how the first boot went, and how long what took",
    args: "",
    argCount: [0, 0],
    options: ["json"],
    details:
      "It reads the record that the last run left in the state directory, and needs no\nnetwork. The exit status is 0 if there is a record, however the run went.",
    load: () => import("./commands/status.ts"),
  },
  {
    name: "user",
    summary: "Make the admin user that the metadata name, or adopt it",
    args: "",
    argCount: [0, 0],
    options: ["config", "admin-groups", "admin-shell", "admin-sudo"],
    details:
      "The user gets no password, and no keys: see ssh-keys. One that is there keeps\nhome, shell and password.",
    load: () => import("./run_part_alone.ts"),
  },
  {
    name: "ssh-keys",
    summary: "Give the admin user the SSH keys that the metadata hold",
    args: "",
    argCount: [0, 0],
    options: [],
    details:
      "Where the VM was made without passwords, sshd takes none from its next start on.",
    load: () => import("./commands/ssh_keys.ts"),
  },
  {
    name: "simulate",
    summary: "Serve a simulated platform for a VM to report to",
    args: "",
    argCount: [0, 0],
    options: [
      "fault",
      "computer-name",
      "vm-name",
      "vm-id",
      "admin-username",
      "public-key",
      "allow-passwords",
      "user-data",
      "throttle",
      "until-ready",
      "json",
    ],
    details:
      "It listens on the addresses of --wireserver and --imds (port 0: any free one),\nprints them, and logs every request. It ends with Ctrl-C, --until-ready or\n--timeout, and then says whether the VM reported Ready; the exit status is 0 if it\ndid.\n\n--throttle counts for WireServer and IMDS separately. A VM is an address at which\nthe service is reached.\n\n--fault NAME[@TARGET][=N] plays a fault on N requests, or on all. TARGET is\ngoal-state, health, health-json or metadata; without one, the fault is played on\nevery target that is listed for it. NAME is an HTTP status from 300 to 599, for\nevery target, or one of these.",
    moreDetails: async () => {
      const { faultGroups, formatFaultGroups } = await import(
        "../simulator/mod.ts"
      );
      return formatFaultGroups(faultGroups());
    },
    load: () => import("./commands/simulate.ts"),
  },
];
