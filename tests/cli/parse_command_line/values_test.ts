import { type Refused, testRefused } from "./_refused.ts";

const WRONG_VALUES: readonly Refused[] = [
  // Values that are missing.
  ["--timeout", 'The option "--timeout" needs a value (SECONDS)'],
  ["--timeout=", 'The option "--timeout" needs a value (SECONDS)'],
  [["--timeout", ""], 'The option "--timeout" needs a value (SECONDS)'],
  ["hostname --state-dir", 'The option "--state-dir" needs a value (DIR)'],
  ["simulate --fault=", 'The option "--fault" needs a value'],
  [
    "--timeout -1",
    'The option "--timeout" needs a value (SECONDS); write "--timeout=-1" if "-1" is its value',
  ],
  [
    "--state-dir --force",
    'The option "--state-dir" needs a value (DIR); write "--state-dir=--force" if "--force" is its value',
  ],
  ["--agent-name -", 'The option "--agent-name" needs a value (NAME); write'],
  [
    "--agent-name -- x",
    'The option "--agent-name" needs a value (NAME); write',
  ],

  // Values where none belong.
  ["--force=no", 'The option "--force" takes no value, but "no" was given'],
  ["--force=true", 'The option "--force" takes no value, but "true" was given'],
  ["--force=false", 'The option "--force" takes no value, but "false" was'],
  ["--force=", 'The option "--force" takes no value, but "" was given'],
  ["--help=no", 'The option "--help" takes no value, but "no" was given'],

  // Values of a wrong form.
  ...[
    "0",
    "-5",
    "1e3",
    "0x10",
    "five",
    "1 2",
    "1.",
    ".5",
    "1,5",
    "604801",
    "Infinity",
    "NaN",
    "+1",
    " 1",
  ]
    .map((value) =>
      [
        [`--timeout=${value}`],
        `The option "--timeout" has a wrong value: "${value}" is not a number of seconds above 0 and up to 604800`,
      ] as const
    ),
  ...["http://a/", "a:b", "a:65536", ":80", "a b", "[::1"].map((value) =>
    [
      [`--wireserver=${value}`],
      `The option "--wireserver" has a wrong value: "${value}" is not of the form HOST or HOST:PORT`,
    ] as const
  ),
  ["--imds a:b", 'The option "--imds" has a wrong value: "a:b" is not'],
  [
    "--state-dir var/lib",
    'The option "--state-dir" has a wrong value: "var/lib" is not an absolute path',
  ],
  [["--state-dir=/a\0b"], 'The option "--state-dir" has a wrong value'],
  [
    "--log-level loud",
    'The option "--log-level" has a wrong value: "loud" is not one of debug, info, warn, error',
  ],
  ["--log-level Info", 'The option "--log-level" has a wrong value: "Info"'],
  [
    "--log-format xml",
    'The option "--log-format" has a wrong value: "xml" is not one of text, json',
  ],
  ...["a\r\nx: y", "a\n", "\u00e4", " a", "a ", "a\tb", "a".repeat(129)]
    .map((value) =>
      [
        [`--agent-name=${value}`],
        `The option "--agent-name" has a wrong value: "${value}" is not 1 to 128 printable ASCII characters`,
      ] as const
    ),
  [
    "--with hostnam",
    'The option "--with" has a wrong value: There is no part "hostnam"; did you mean "hostname"?',
  ],
  [
    "--without telepathy",
    'The option "--without" has a wrong value: There is no part "telepathy"; did you mean "telemetry"?',
  ],
  [
    "--without everything",
    'The option "--without" has a wrong value: There is no part "everything"; the parts are hostname, dns, user, password, sudo, ssh-keys, login, userdata, customdata, telemetry',
  ],
  [
    "--with hostname --without hostname",
    'The part "hostname" is both required and left out',
  ],
  [
    "--require-hostname --without hostname",
    'The part "hostname" is both required and left out',
  ],
  ["--with hostname,", 'The option "--with" has a wrong value: There is no'],
  ["--with Hostname", 'There is no part "Hostname"; did you mean "hostname"?'],
  ...["adm:", "-x", "Adm", "a,,b", "a b", "a\nb", "1", "a".repeat(33)].map(
    (value) =>
      [
        [`--admin-groups=${value}`],
        'The option "--admin-groups" has a wrong value: "',
      ] as const,
  ),
  [
    "--admin-shell bash",
    'The option "--admin-shell" has a wrong value: "bash" is not an absolute',
  ],
  ["--config my.conf", 'The option "--config" has a wrong value: "my.conf"'],
  [
    ["health", "ready", "--incarnation=4\n2"],
    'The option "--incarnation" has a wrong value',
  ],
  ...["abc", "4a", "-4", "4.2", " ", "123456789012345678901"].map((value) =>
    [
      ["health", "ready", `--incarnation=${value}`],
      `The option "--incarnation" has a wrong value: "${value}" is not a number`,
    ] as const
  ),
  ...["  ", "\t", "\n", "\u00a0"].map((value) =>
    [
      ["health", "not-ready", "--description", value],
      `The option "--description" has a wrong value: "${value}" is blank`,
    ] as const
  ),
  [
    ["health", "ready", "--container-id=\u00e4"],
    'The option "--container-id" has a wrong value',
  ],
  [
    ["health", "ready", "--instance-id= "],
    'The option "--instance-id" has a wrong value',
  ],
];

testRefused(WRONG_VALUES);
