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
  "hand": 'Fault "hand" is not known',
  "200": 'Fault "200" is not known',
  "600": 'Fault "600" is not known',
  "constructor": 'Fault "constructor" is not known',
  "hang@imds":
    'Fault "hang@imds" has the target "imds", possible are "goal-state", "health", "health-json", "metadata"',
  "hang@": 'Fault "hang@" has the target ""',
  "hang=": 'Fault "hang=" needs a number of tries up to "1000000", it has ""',
  "hang=0":
    'Fault "hang=0" needs a number of tries up to "1000000", it has "0"',
  "hang=1.5": 'it has "1.5"',
  "hang=1e3": 'it has "1e3"',
  "hang=1000001": 'it has "1000001"',
  "refuse=1": 'Fault "refuse=1" takes no number, it has "1"',
  "late-start":
    'Fault "late-start" needs a number of seconds up to "86400", it has ""',
  "late-start=soon": 'it has "soon"',
  "late-start=86401": 'it has "86401"',
  "truncated@health":
    'has the target "health", possible are "goal-state", "metadata"',
  "short-length@health-json":
    'has the target "health-json", possible are "goal-state", "metadata"',
  "secrets@goal-state": 'has the target "goal-state", possible are "metadata"',
  "moving-incarnation@metadata":
    'has the target "metadata", possible are "goal-state"',
  "no-role-instance@health":
    'has the target "health", possible are "goal-state"',
  "old-metadata@goal-state":
    'has the target "goal-state", possible are "metadata"',
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
