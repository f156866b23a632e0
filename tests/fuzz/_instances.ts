import fc from "fast-check";
import { mutate, mutations } from "./_mutations.ts";
import { text, word } from "./_texts.ts";

/** Texts as `compute` has them: names, blanks, and worse. */
const value: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("vm-1", "x_0", "", " ", " vm\t"),
  fc.uuid(),
  text,
);

const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: value },
  {
    weight: 1,
    arbitrary: fc.constantFrom(null, true, 0, -1, 1e308, [], {}, [{}]),
  },
);

/** The metadata's values; any of them may be absent or of a wrong type. */
export interface WrittenInstance {
  readonly compute: {
    readonly vmId?: unknown;
    readonly name?: unknown;
    readonly osProfile?: {
      readonly computerName?: unknown;
      readonly adminUsername?: unknown;
      readonly disablePasswordAuthentication?: unknown;
    };
    readonly publicKeys?: unknown;
    readonly userData?: unknown;
  };
  /** extended.compute.hasCustomData */
  readonly hasCustomData: unknown;
  readonly json: string;
}

/** Names that objects inherit, and some that they do not. */
const otherKey = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "userData",
    "network",
    "Compute",
    "",
  ),
  word,
);

/** Metadata as the platform could send them. */
export const instance: fc.Arbitrary<WrittenInstance> = fc.record({
  compute: fc.record({
    vmId: fc.oneof(fc.uuid(), anything),
    name: anything,
    osProfile: fc.record(
      {
        computerName: anything,
        adminUsername: anything,
        disablePasswordAuthentication: fc.oneof(
          fc.constantFrom("true", "false", true, false),
          anything,
        ),
      },
      { requiredKeys: [] },
    ),
    publicKeys: fc.oneof(
      fc.array(
        fc.oneof(
          fc.record({ keyData: anything, path: value }, { requiredKeys: [] }),
          anything,
        ),
        { maxLength: 3 },
      ),
      anything,
    ),
    userData: anything,
  }, { requiredKeys: [] }),
  hasCustomData: fc.oneof(
    fc.constantFrom("true", "false", true, false, undefined),
    anything,
  ),
  others: fc.array(fc.tuple(otherKey, fc.jsonValue({ maxDepth: 2 })), {
    maxLength: 3,
  }),
  mark: fc.constantFrom("", "", "\ufeff"),
  space: fc.constantFrom("", "  ", "\t"),
  escaped: fc.boolean(),
}).map(({ compute, hasCustomData, others, mark, space, escaped }) => {
  // Repeated names: the last one counts.
  const members = [
    ...others.filter(([key]) => key !== "compute" && key !== "extended"),
    ["compute", compute] as const,
    ["extended", { compute: { hasCustomData } }] as const,
  ].map(([key, value]) =>
    `${JSON.stringify(key)}:${JSON.stringify(value, null, space)}`
  );
  const json = `${mark}{${members.join(",")}}`;
  return {
    compute,
    hasCustomData,
    json: escaped ? json.replaceAll(/[g-z]/gu, escapeInString(json)) : json,
  };
});

/** Writes letters as numbers, but for the words of JSON itself. */
function escapeInString(json: string) {
  const inString: boolean[] = [];
  let open = false;
  for (let at = 0; at < json.length; at++) {
    if (open && json[at] === "\\") {
      // The escape and what it escapes stay as they are.
      inString[at] = inString[++at] = false;
      continue;
    }
    if (json[at] === '"') open = !open;
    inString[at] = open;
  }
  return (letter: string, at: number) =>
    inString[at]
      ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`
      : letter;
}

const NASTY_JSON: readonly string[] = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "null",
  "true",
  '"',
  '"compute":',
  '"compute":null,',
  '"compute":[],',
  '"osProfile":1,',
  '"vmId":"a",',
  '"__proto__":{"compute":{"vmId":"inherited"}},',
  '"\\ud800"',
  '"\\u0000"',
  "\\",
  "\\u",
  "1e999",
  "-0",
  "0123",
  "NaN",
  "/**/",
  "'a'",
  "\ufeff",
];

/** Metadata with one to six of their tokens changed, and other JSON. */
export const brokenInstance: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(
      instance,
      mutations(fc.oneof(fc.constantFrom(...NASTY_JSON), word), 40),
    ).map(([{ json }, changes]) =>
      mutate(json.match(/"(?:[^"\\]|\\.)*"|[^"]/g) ?? [], changes).join("")
    ),
  },
  { weight: 1, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: fc.json().map((json) => `{"compute":${json}}`),
  },
  { weight: 1, arbitrary: text },
);
