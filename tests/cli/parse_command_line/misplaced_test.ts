import { type Refused, testRefused } from "./_refused.ts";

const MISPLACED: readonly Refused[] = [
  // Words after a flag are arguments, and not its value.
  ["--force true", 'Unknown command "true"'],
  ["provision --force true", 'does not take the argument "true"'],

  // Options that come twice.
  ["--force --force", 'The option "--force" is given twice'],
  ["--timeout 1 --timeout 2", 'The option "--timeout" is given twice'],
  [
    "--timeout=1 goal-state --timeout 1",
    'The option "--timeout" is given twice',
  ],
  ["-h --help", 'The option "--help" is given twice'],

  // Options of another command.
  [
    "health ready --force",
    'The option "--force" does not go with the command "health", but with "provision"',
  ],
  [
    "--json",
    'The option "--json" does not go with the command "provision", but with "goal-state", "status", "simulate"',
  ],
  [
    "provision --dry-run",
    'The option "--dry-run" does not go with the command "provision", but with "health", "hostname"',
  ],

  // Too many and too few arguments.
  ["provision now", 'The command "provision" does not take the argument "now"'],
  ["goal-state a b", 'The command "goal-state" does not take the argument "b"'],
  ["hostname a b c", 'The command "hostname" does not take the argument "b"'],
  [
    "simulate -- --json",
    'The command "simulate" does not take the argument "--json"',
  ],
  [
    "health",
    'The command "health" needs an argument: ready | not-ready --description TEXT',
  ],
];

testRefused(MISPLACED);
