import type { Command } from "./command.ts";
import { provisionCommand } from "./provision_command.ts";
import { run as goalState } from "./commands/goal_state.ts";
import { run as health } from "./commands/health.ts";
import { run as hostname } from "./commands/hostname.ts";
import { run as simulate } from "./commands/simulate.ts";
import { run as status } from "./commands/status.ts";
import { runPartAlone } from "./run_part_alone.ts";
import { sshKeysPart } from "../parts/login/ssh_keys_part.ts";
import { sudoPart } from "../parts/login/sudo_part.ts";
import { userPart } from "../parts/login/user_part.ts";
import { userDataPart } from "../parts/user_data/user_data_part.ts";

/** All commands; only a command line with arguments loads them. To add one, add a file to `commands/` and an entry here. */
export const COMMANDS: readonly Command[] = [
  provisionCommand,
  {
    name: "goal-state",
    summary: "Print the goal state's ids, from WireServer or a file",
    args: "[FILE|-]",
    argCount: [0, 1],
    options: ["json", "raw"],
    details: 'With FILE, or "-" for standard input, nothing is fetched.',
    run: goalState,
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
      "With --incarnation, --container-id and --instance-id, or with\n--health-protocol json, no goal state is fetched.\nWith --dry-run, the report is printed but not sent.",
    run: health,
  },
  {
    name: "hostname",
    summary: "Set the host name, from the metadata or as given, and print it",
    args: "[NAME]",
    argCount: [0, 1],
    options: ["dry-run"],
    needsRoot: true,
    details: "",
    run: hostname,
  },
  {
    name: "userdata",
    summary: "Write the metadata's user data to a file, without running it",
    args: "",
    argCount: [0, 0],
    options: [],
    needsRoot: true,
    details:
      "The file is userData in the folder of --state-dir, and only root can read it. A\nservice may run it: see azure-provisioning-userdata.service, which is not enabled\nby default.",
    run: runPartAlone(userDataPart),
  },
  {
    name: "status",
    summary: "Summarise the last run and its timings",
    args: "",
    argCount: [0, 0],
    options: ["json"],
    details:
      "It reads the record that the last run left in the state directory, and needs no\nnetwork. The exit status is 0 if there is a record, however the run ended.",
    run: status,
  },
  {
    name: "user",
    summary: "Create or adopt the admin user that the metadata names",
    args: "",
    argCount: [0, 0],
    options: ["config", "admin-groups", "admin-shell"],
    needsRoot: true,
    details:
      "The user gets no password, and no keys: see ssh-keys. An existing user keeps its\nhome, shell and password.",
    run: runPartAlone(userPart),
  },
  {
    name: "sudo",
    summary: "Let the admin user become root",
    args: "",
    argCount: [0, 0],
    options: ["config", "admin-sudo"],
    needsRoot: true,
    details:
      "It uses sudo, or doas if sudo is not installed. With --admin-sudo auto, a user who\ngot a password from the platform is asked for it.",
    run: runPartAlone(sudoPart),
  },
  {
    name: "ssh-keys",
    summary: "Install the metadata's SSH keys for the admin user",
    args: "",
    argCount: [0, 0],
    options: [],
    needsRoot: true,
    details:
      "If the VM was created without a password, sshd accepts none from its next start\non.",
    run: runPartAlone(sshKeysPart),
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
      "has-custom-data",
      "user-data",
      "nic",
      "tag",
      "compute",
      "pps-type",
      "host-plugin",
      "throttle",
      "until-ready",
      "json",
    ],
    listens: true,
    details:
      "It listens on the addresses of --wireserver and --imds (port 0: any free one),\nprints them, and logs every request. It ends with Ctrl-C, --until-ready or\n--timeout, and then says whether the VM reported Ready; the exit status is 0 if it\ndid. If WireServer is on port 80, the host's plugin is beside it, on 32526.",
    moreDetails: async () => {
      const { formatHelp } = await import("../simulator/mod.ts");
      return formatHelp();
    },
    run: simulate,
  },
];
