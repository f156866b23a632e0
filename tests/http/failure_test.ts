import { assert, assertEquals } from "@std/assert";
import {
  type CallFailure,
  exitCodeOf,
  isReached,
  isSilence,
  parseRetryAfter,
  statusFailure,
} from "../../lib/http/failure.ts";
import type { HttpResponse } from "../../lib/http/message.ts";
import { ExitCode } from "../../lib/provisioning_error.ts";

function response(
  {
    body = "",
    reason = "Service Unavailable",
    headers = {} as Record<
      string,
      string
    >,
  } = {},
): HttpResponse {
  return {
    status: 503,
    reason,
    headers: new Map(Object.entries(headers)),
    body: new TextEncoder().encode(body),
  };
}

Deno.test("isReached() is whatever came of a request that got a connection", () => {
  const network = { kind: "network", message: "" } as const;
  const cases: [CallFailure, boolean][] = [
    [network, false],
    [{ ...network, from: "10.0.0.4" }, true],
    [{ ...network, heard: true }, true],
    [{ kind: "status", message: "", status: 503 }, true],
    [{ kind: "local", message: "" }, false],
    [{ kind: "denied", message: "" }, false],
  ];
  for (const [failure, expected] of cases) {
    assertEquals(isReached(failure), expected, JSON.stringify(failure));
  }
});

Deno.test("isSilence() is what came of a request that was sent, and that nothing came back to", () => {
  const message = "";
  assert(isSilence({ kind: "network", message }));
  for (
    const failure of [
      undefined,
      { kind: "network", message, heard: true },
      { kind: "local", message },
      { kind: "denied", message },
      { kind: "protocol", message },
      statusFailure(response()),
    ] as const
  ) assertEquals(isSilence(failure), false, failure?.kind);
});

Deno.test("statusFailure() gives the platform's own words without their markup", () => {
  const body =
    "<!DOCTYPE html><html><head><style>a { b: c }</style><SCRIPT>d()</SCRIPT><title>Busy</title></head>\r\n<body><h2>Try   later</h2></body></html>";
  assertEquals(statusFailure(response({ body })), {
    kind: "status",
    status: 503,
    retryAfterMs: undefined,
    message: 'The platform answered 503 Service Unavailable: "Try later"',
  });
});

Deno.test("statusFailure() says nothing of a body that has no words", () => {
  for (const body of ["", " \n", "<html></html>"]) {
    assertEquals(
      statusFailure(response({ body })).message,
      "The platform answered 503 Service Unavailable",
    );
  }
});

Deno.test("statusFailure() quotes the first 160 characters of a body", () => {
  for (
    const [body, words] of [
      ["x".repeat(160), "x".repeat(160)],
      ["x".repeat(161), `${"x".repeat(160)}...`],
    ] as const
  ) {
    assertEquals(
      statusFailure(response({ body })).message,
      `The platform answered 503 Service Unavailable: "${words}"`,
    );
  }
});

Deno.test("statusFailure() cuts a long body and a long reason", () => {
  const failure = statusFailure(
    response({ body: "word ".repeat(100_000), reason: "r".repeat(1000) }),
  );
  assert(failure.message.length < 300);
});

Deno.test("statusFailure() holds the wait that the platform asks for", () => {
  const failure = statusFailure(response({ headers: { "retry-after": "7" } }));
  assertEquals(failure.kind === "status" && failure.retryAfterMs, 7000);
});

for (
  const [what, failure, code] of [
    ["no answer", { kind: "network", message: "" }, ExitCode.unreachable],
    ["no HTTP", { kind: "protocol", message: "" }, ExitCode.badData],
    ["no use", { kind: "data", message: "", key: "" }, ExitCode.badData],
    ["ids out of date", { kind: "final", message: "" }, ExitCode.badData],
    ["403", { kind: "status", message: "", status: 403 }, ExitCode.gaveUp],
    ["400", { kind: "status", message: "", status: 400 }, ExitCode.unreachable],
    ["503", { kind: "status", message: "", status: 503 }, ExitCode.gaveUp],
    ["no permission", { kind: "denied", message: "" }, ExitCode.notPermitted],
  ] as readonly [string, CallFailure, number][]
) {
  Deno.test(`exitCodeOf() is ${code} for ${what}`, () => {
    assertEquals(exitCodeOf(failure), code);
  });
}

function parse(retryAfter: string, date?: string): number | undefined {
  return parseRetryAfter(
    new Map([
      ["retry-after", retryAfter],
      ...(date === undefined ? [] : [["date", date]] as const),
    ]),
  );
}

for (
  const [text, ms] of [
    ["0", 0],
    ["1", 1000],
    ["120", 120_000],
    [" 5 ", 5000],
    ["007", 7000],
    ["121", 120_000],
    ["999999999", 120_000],
  ] as const
) {
  Deno.test(`parseRetryAfter() reads "${text}" as seconds`, () => {
    assertEquals(parse(text), ms);
  });
}

Deno.test("parseRetryAfter() finds nothing where there is no header", () => {
  assertEquals(parseRetryAfter(new Map()), undefined);
});

for (const date of [undefined, "today"]) {
  Deno.test(`parseRetryAfter() makes nothing of a date beside the Date ${date}, as the clock may be wrong by years`, () => {
    assertEquals(parse("Wed, 21 Oct 2015 07:28:30 GMT", date), undefined);
  });
}

Deno.test("parseRetryAfter() compares a date with the response's own Date", () => {
  assertEquals(
    parse("Sun, 01 Mar 2026 10:00:10 GMT", "Sun, 01 Mar 2026 10:00:00 GMT"),
    10_000,
  );
});

Deno.test("parseRetryAfter() does not wait for a date that is past", () => {
  const now = "Wed, 21 Oct 2015 07:28:00 GMT";
  assertEquals(parse("Wed, 21 Oct 2015 07:27:00 GMT", now), 0);
});

Deno.test("parseRetryAfter() waits no more than two minutes for a date", () => {
  const now = "Wed, 21 Oct 2015 07:28:00 GMT";
  assertEquals(parse("Fri, 31 Dec 9999 23:59:59 GMT", now), 120_000);
});

for (
  const text of [
    "",
    " ",
    "soon",
    "5 seconds",
    "1e3",
    "0x10",
    "9999999999",
    "-5",
    "1.5",
    "soon 5",
    "in 3000",
  ]
) {
  Deno.test(`parseRetryAfter() makes nothing of "${text}"`, () => {
    assertEquals(parse(text), undefined);
  });
}
