import {
  FULL,
  type OvfEnvValues,
  ovfEnvXml,
  PASSWORD,
  sshXml,
} from "../../media/_ovf_env.ts";
import type { Scenario } from "../_scenario.ts";

const KEY = `ssh-ed25519 ${
  btoa(`\0\0\0\x0bssh-ed25519\0\0\0\x20${"m".repeat(32)}`)
}`;

const MEDIA: OvfEnvValues = {
  ...FULL,
  SSH: sshXml(KEY),
  CustomData: btoa("#!/bin/sh\nmedia\n"),
};

const FOLDER = "/run/azure-provisioning";

/** What `units/common/media` leaves. */
const copy = (xml: string) =>
  `mkdir -m 700 ${FOLDER}; umask 077; cat >${FOLDER}/ovf-env.xml <<'END'\n${xml}\nEND\n`;

/** The password is nowhere, and of the copy only the word is left that it is wanted no more. */
const GONE =
  `rm ${FOLDER}/media-unwanted; ls -A ${FOLDER}; ! grep -rlF ${PASSWORD} /etc /home /run /var/lib /var/log 2>/dev/null`;

const BOMB = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${
  Array.from(
    { length: 12 },
    (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? "" : i - 1};`.repeat(10)}">`,
  ).join("")
}]>`;

const UNUSABLE =
  `Cannot use what the provisioning media say, "${FOLDER}/ovf-env.xml": `;

/** Media that cannot be used are a warning, whatever is wrong with them. */
const BROKEN: readonly (readonly [what: string, xml: string, why: string])[] = [
  [
    "end in their midst",
    ovfEnvXml(MEDIA).slice(0, -30),
    "It is not well-formed XML",
  ],
  [
    "have a password that breaks them",
    ovfEnvXml({ ...MEDIA, UserPassword: `<${PASSWORD}` }),
    "It is not well-formed XML",
  ],
  [
    "hold entities that would fill the memory",
    ovfEnvXml({ ...MEDIA, HostName: "&a11;" })
      .replace("<Environment", `${BOMB}<Environment`),
    "It is not well-formed XML",
  ],
  [
    "are nested 10,000 deep",
    ovfEnvXml({ SSH: "<a>".repeat(10_000) + "</a>".repeat(10_000) }),
    "It is not well-formed XML",
  ],
  [
    "are larger than any of the platform's",
    ovfEnvXml({ ...MEDIA, CustomData: "TOO-LARGE" }),
    "It is over 262144 bytes",
  ],
  [
    "are of Windows",
    ovfEnvXml(MEDIA).replaceAll("LinuxProv", "WindowsProv"),
    "It has no LinuxProvisioningConfigurationSet",
  ],
  [
    "are of a VM that has no owner yet",
    ovfEnvXml(MEDIA, "<PreprovisionedVm>true</PreprovisionedVm>"),
    "It is of a VM that has no owner yet",
  ],
];

/** What comes of the provisioning media, where there are metadata and where there are none. */
export const MEDIA_SCENARIOS: readonly Scenario[] = [
  {
    name:
      "has no metadata, but media with a name, a user, a key and custom data",
    faults: ["refuse@metadata"],
    prepare: copy(ovfEnvXml(MEDIA)),
    args: ["--log-level=debug", "--with=user,ssh-keys,customdata"],
    after: {
      script:
        `cut -d ' ' -f 1,2 /home/ada/.ssh/authorized_keys; grep ^ada: /etc/shadow | cut -d: -f 2
        cat /etc/ssh/sshd_config.d/00-azure-provisioning.conf 2>/dev/null | grep -c ^PasswordAuthentication || :
        cd /var/lib/azure-provisioning; stat -c '%A %u' customData; cat customData; ${GONE}`,
      prints: `${KEY}\n*\n0\n-rw------- 0\n#!/bin/sh\nmedia\n`,
    },
    expected: {
      requests: { metadata: "" },
      line:
        "Taken from the provisioning media: host name, user, keys, password, custom data",
      never: PASSWORD,
      hostName: "media-vm",
    },
  },
  {
    name: "has metadata, and media with custom data",
    faults: [],
    vm: ["--admin-username=ada", `--public-key=${KEY}`],
    prepare: copy(ovfEnvXml(MEDIA)),
    args: ["--log-level=debug"],
    after: {
      script: `cat /var/lib/azure-provisioning/customData; ${GONE}`,
      prints: "#!/bin/sh\nmedia\n",
    },
    expected: {
      line: "Taken from the provisioning media: password, custom data",
      never: PASSWORD,
    },
  },
  {
    name: "has old metadata only, and media with a name and a user",
    faults: ["old-metadata"],
    prepare: copy(ovfEnvXml({ ...MEDIA, CustomData: "" })),
    after: { script: `grep -c ^ada: /etc/passwd; ${GONE}`, prints: "1\n" },
    expected: {
      requests: { metadata: "400 200 200" },
      line: "Taken from the provisioning media: host name, user, keys",
      hostName: "media-vm",
    },
  },
  {
    name: "has metadata of a VM with a password alone, and media that lack it",
    faults: [],
    vm: ["--admin-username=ada", "--allow-passwords"],
    prepare: copy(ovfEnvXml({ HostName: "vm", UserName: "ada" })),
    expected: {
      code: 65,
      line:
        'Error: Cannot set the password of the admin user "ada": the VM was created with a password and without keys, but the provisioning media gave none',
      reported: "password_absent: ",
    },
  },
  ...BROKEN.map(([what, xml, why]): Scenario => ({
    name: `has metadata, and media that ${what}`,
    faults: [],
    // A command line holds no more than 128 KiB.
    prepare: copy(xml) +
      `large=$(head -c 300000 /dev/zero | tr '\\0' A)
      case $(cat ${FOLDER}/ovf-env.xml) in
      *TOO-LARGE*) printf '<a>%s</a>' "$large" >${FOLDER}/ovf-env.xml ;;
      esac`,
    after: { script: GONE, prints: "" },
    expected: { line: `${UNUSABLE}${why}`, never: PASSWORD },
  })),
  {
    name: "has no metadata, and media that are broken",
    faults: ["refuse@metadata"],
    prepare: copy("<a>"),
    expected: {
      requests: { metadata: "" },
      line: `${UNUSABLE}It is not well-formed XML`,
      hostName: "image",
    },
  },
  {
    name:
      "has no metadata, and media that are broken, for a VM that must have a user",
    faults: ["refuse@metadata"],
    prepare: copy("<a>"),
    args: ["--with=user"],
    expected: {
      code: 69,
      requests: { metadata: "" },
      line: `. ${UNUSABLE}It is not well-formed XML`,
      hostName: "image",
      reported: "metadata_unavailable: ",
    },
  },
  {
    name: "has media with custom data that is not base64",
    faults: [],
    prepare: copy(ovfEnvXml({ ...MEDIA, CustomData: `${PASSWORD}!` })),
    after: { script: GONE, prints: "" },
    expected: {
      code: 65,
      line:
        "Error: The custom data on the provisioning media is not base64; give the VM custom data that is, or none",
      never: PASSWORD,
      reported: "custom_data_invalid: ",
    },
  },
  {
    name: "has media with custom data over 64 KiB",
    faults: [],
    prepare: copy(ovfEnvXml({ ...MEDIA, CustomData: btoa("x".repeat(65537)) })),
    expected: {
      code: 65,
      line: "Error: The custom data on the provisioning media is over 65536",
      reported: "custom_data_too_large: ",
    },
  },
  {
    name: "has no metadata, and media with a key by its fingerprint only",
    faults: ["refuse@metadata"],
    args: ["--without=password"],
    prepare: copy(ovfEnvXml({ ...MEDIA, SSH: sshXml("") })),
    expected: {
      requests: { metadata: "" },
      line:
        'The provisioning media name an SSH key by its fingerprint "EB0C0AB4B2D5FC35F2F0658D19F44C8283E2DD62" only',
      hostName: "media-vm",
    },
  },
];
