import { type InitName, INITS } from "../../boot/_inits.ts";
import { putFiles } from "../../boot/_put_files.ts";
import { succeed } from "../../helpers/command.ts";
import { ROOT } from "../../helpers/program.ts";
import { makeMedium, putDrive, putDriver } from "../../boot/_medium.ts";
import {
  putArticle,
  putCloudInit,
  putWaagent,
  WAAGENT_DRIVE,
} from "./_peers.ts";

/** A way to boot a root. */
export interface BootVariant {
  /** Its name on the command line. */
  readonly name: string;
  /** Its name in the document. */
  readonly title: string;
  /** Packages that the root has beside the others. */
  readonly packages: readonly string[];
  /** Whether Ready is waited for. */
  readonly reports: boolean;
  /** Whether only systemd can run it. */
  readonly systemdOnly?: true;
  /** Whether it is this program, so that it can come from another checkout, too. */
  readonly own?: true;
  /** What the machine's eth0 asks a DHCP server of the platform's for. */
  readonly asksForAddress?: true;
  /** The chassis tag that the machine shows. */
  readonly chassisTag: string;
  /** More options of the platform. */
  readonly platform?: readonly string[];
  /** What is put into the root. */
  readonly furnish: (
    tree: string,
    init: InitName,
    source: string,
  ) => Promise<void>;
  /** More options of systemd-nspawn, and what they need. */
  readonly around?: () => Promise<
    AsyncDisposable & { readonly nspawn: readonly string[] }
  >;
}

const KEY = `ssh-ed25519 ${
  btoa(`\0\0\0\x0bssh-ed25519\0\0\0\x20${"q".repeat(32)}`)
}`;

/** The name that the platform gives the machines, in its metadata and on its media. */
export const COMPUTER_NAME = "benchmark-vm";

/** Media that have nothing that the metadata lacks. */
const medium = () =>
  makeMedium({
    HostName: COMPUTER_NAME,
    DisableSshPasswordAuthentication: "true",
  });

const AZURE = "7783-7084-3265-9085-8269-3286-77";

const OURS = {
  packages: [],
  own: true,
  reports: true,
  chassisTag: AZURE,
} as const;
const PEER = { reports: true, systemdOnly: true, chassisTag: AZURE } as const;

/** All variants, in the order of the document. */
export const BOOT_VARIANTS: readonly BootVariant[] = [
  {
    ...OURS,
    name: "disabled",
    title: "this program, disabled",
    reports: false,
    furnish: async (tree, init, source) => {
      await installFrom(source, tree, init);
      await disable(tree, init);
    },
  },
  {
    ...OURS,
    name: "ours",
    title: "this program, no optical drive",
    furnish: async (tree, init, source) => {
      await installFrom(source, tree, init);
      await putDriver(tree);
    },
  },
  {
    ...OURS,
    name: "ours-media",
    title: "this program, with provisioning media",
    furnish: async (tree, init, source) => {
      await installFrom(source, tree, init);
      await putDrive(tree);
    },
    around: medium,
  },
  {
    ...OURS,
    name: "ours-no-media",
    title: "this program, media switched off",
    furnish: async (tree, init, source) => {
      await installFrom(source, tree, init);
      await putFiles(tree, [{
        path: "/etc/azure-provisioning.no-media",
        text: "",
      }]);
    },
  },
  {
    ...OURS,
    name: "ours-user",
    title: "this program, and an admin user with a key",
    platform: ["--admin-username=ada", `--public-key=${KEY}`],
    furnish: (tree, init, source) => installFrom(source, tree, init),
  },
  {
    ...OURS,
    name: "off-azure",
    title: "this program, off Azure",
    reports: false,
    chassisTag: "another-platform",
    furnish: (tree, init, source) => installFrom(source, tree, init),
  },
  {
    ...PEER,
    name: "article",
    title: "the article's unit: Python, curl, hostnamectl",
    packages: ["python3", "curl"],
    furnish: putArticle,
  },
  {
    ...PEER,
    name: "cloud-init",
    title: "Debian's cloud-init",
    packages: ["cloud-init", "isc-dhcp-client"],
    asksForAddress: true,
    furnish: putCloudInit,
  },
  {
    ...PEER,
    name: "waagent",
    title: "Debian's waagent",
    packages: ["waagent", "isc-dhcp-client"],
    asksForAddress: true,
    furnish: putWaagent,
    around: () =>
      makeMedium({
        HostName: COMPUTER_NAME,
        UserName: "ada",
        DisableSshPasswordAuthentication: "true",
      }, WAAGENT_DRIVE),
  },
];

async function installFrom(
  source: string,
  tree: string,
  init: InitName,
): Promise<void> {
  await succeed(`${source}/install.sh`, ["--root", tree, "--init", init]);
}

/** Everything stays, but nothing starts it. */
async function disable(tree: string, init: InitName): Promise<void> {
  const { enabled } = INITS[init];
  if (enabled !== undefined) return await Deno.remove(`${tree}${enabled}`);
  const path = `${tree}/etc/inittab`;
  const lines = (await Deno.readTextFile(path)).split("\n");
  await Deno.writeTextFile(
    path,
    lines.filter((line) => !line.includes("azure-provisioning")).join("\n"),
  );
}

/** This checkout. */
export const HERE: string = ROOT.replace(/\/$/, "");
