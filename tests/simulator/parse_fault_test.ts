import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type Fault,
  FAULT_NAMES,
  parseFault,
} from "../../lib/simulator/mod.ts";

const FAULTS: Readonly<Record<string, Fault>> = {
  "hang": { name: "hang", target: undefined, number: undefined },
  "503@goal-state=2": { name: "503", target: "goal-state", number: 2 },
  "410@health": { name: "410", target: "health", number: undefined },
  "300": { name: "300", target: undefined, number: undefined },
  "599=10": { name: "599", target: undefined, number: 10 },
  "late-start=0.25": { name: "late-start", target: undefined, number: 0.25 },
  "late-start@metadata=3": {
    name: "late-start",
    target: "metadata",
    number: 3,
  },
  "endless-chunks@health-json=1": {
    name: "endless-chunks",
    target: "health-json",
    number: 1,
  },
  "refuse@metadata": { name: "refuse", target: "metadata", number: undefined },
};

for (const [text, fault] of Object.entries(FAULTS)) {
  Deno.test(`parseFault() reads ${text}`, () =>
    assertEquals(parseFault(text), fault));
}

const REFUSED: Readonly<Record<string, string>> = {
  "": 'Fault "" is not of the form "NAME[@TARGET][=N]"',
  "hang=1=2": 'Fault "hang=1=2" is not of the form',
  "hang@health@health": 'Fault "hang@health@health" is not of the form',
  "hand": 'Fault "hand" is unknown',
  "200": 'Fault "200" is unknown',
  "600": 'Fault "600" is unknown',
  "constructor": 'Fault "constructor" is unknown',
  "hang@imds":
    'Fault "hang@imds" cannot have the target "imds"; its targets are "goal-state", "config", "certificates", "versions", "health", "health-json", "role-properties", "telemetry", "health-service", "metadata", "metadata-other", "vm-settings", "host-plugin"',
  "hang@": 'Fault "hang@" cannot have the target ""',
  "hang=": 'Fault "hang=" needs a number of tries up to "1000000", but has ""',
  "hang=0":
    'Fault "hang=0" needs a number of tries up to "1000000", but has "0"',
  "hang=1.5": 'but has "1.5"',
  "hang=1e3": 'but has "1e3"',
  "hang=1000001": 'but has "1000001"',
  "refuse=1": 'Fault "refuse=1" takes no number, but has "1"',
  "late-start":
    'Fault "late-start" needs a number of seconds up to "86400", but has ""',
  "late-start=soon": 'but has "soon"',
  "late-start=86401": 'but has "86401"',
  "truncated@health":
    'cannot have the target "health"; its targets are "goal-state", "config", "certificates", "versions", "metadata", "metadata-other", "vm-settings", "host-plugin"',
  "short-length@health-json":
    'cannot have the target "health-json"; its targets are "goal-state", "config"',
  "secrets@goal-state":
    'cannot have the target "goal-state"; its targets are "metadata"',
  "moving-incarnation@metadata":
    'cannot have the target "metadata"; its targets are "goal-state"',
  "no-role-instance@health":
    'cannot have the target "health"; its targets are "goal-state"',
  "old-metadata@goal-state":
    'cannot have the target "goal-state"; its targets are "metadata"',
};

for (const [text, message] of Object.entries(REFUSED)) {
  Deno.test(`parseFault() refuses "${text}" and lists the known names`, () => {
    const error = assertThrows(() => parseFault(text), Error);
    assertStringIncludes(error.message, message);
    for (const name of FAULT_NAMES) {
      assertStringIncludes(error.message, `"${name}"`);
    }
    assertStringIncludes(
      error.message,
      'every HTTP status from "300" to "599"',
    );
  });
}
