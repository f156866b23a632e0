import { type Refused, testRefused } from "./_refused.ts";

const UNKNOWN: readonly Refused[] = [
  // Unknown commands and options, with the nearest name.
  ["provison", 'Unknown command "provison"; did you mean "provision"?'],
  ["goalstate", 'Unknown command "goalstate"; did you mean "goal-state"?'],
  ["Health ready", 'Unknown command "Health"; did you mean "health"?'],
  ["xyzzy", 'Unknown command "xyzzy"'],
  [[""], 'Unknown command ""'],
  ["-", 'Unknown command "-"'],
  ["toString", 'Unknown command "toString"'],
  ["__proto__", 'Unknown command "__proto__"'],
  ["1", 'Unknown command "1"'],
  [
    "--wireservr a",
    'Unknown option "--wireservr"; did you mean "--wireserver"?',
  ],
  ["--imsd=a", 'Unknown option "--imsd"; did you mean "--imds"?'],
  ["--Force", 'Unknown option "--Force"; did you mean "--force"?'],
  ["--dry_run", 'Unknown option "--dry_run"; did you mean "--dry-run"?'],
  ["-force", 'Unknown option "-force"; did you mean "--force"?'],
  ["--no-force", 'Unknown option "--no-force"; did you mean "--force"?'],
  ["--xyzzy", 'Unknown option "--xyzzy"'],
  ["-v", 'Unknown option "-v"'],
  ["-f", 'Unknown option "-f"'],
  ["-1", 'Unknown option "-1"'],
  ["-h=1", 'Unknown option "-h"'],
  ["--=1", 'Unknown option "--"'],
  ["---force", 'Unknown option "---force"; did you mean "--force"?'],
  ["--__proto__", 'Unknown option "--__proto__"'],
  ["--__proto__=1", 'Unknown option "--__proto__"'],
  ["--__proto__.force=1", 'Unknown option "--__proto__.force"'],
  ["--constructor", 'Unknown option "--constructor"'],
  ["--toString=1", 'Unknown option "--toString"'],
  ["--_ x", 'Unknown option "--_"'],
  [
    "--wireserver.x 1",
    'Unknown option "--wireserver.x"; did you mean "--wireserver"?',
  ],
  [
    "--wireserver.x=1",
    'Unknown option "--wireserver.x"; did you mean "--wireserver"?',
  ],
  ["--timeoutMs 1", 'Unknown option "--timeoutMs"; did you mean "--timeout"?'],
  ["--stateDir /a", 'Unknown option "--stateDir"; did you mean "--state-dir"?'],
];

testRefused(UNKNOWN);
