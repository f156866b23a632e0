import { assertEquals } from "@std/assert";
import { passwordProblem } from "../../../../lib/parts/login/password/check_password.ts";

Deno.test("passwordProblem() finds what chpasswd would not set as it is", () => {
  for (
    const [password, problem] of [
      ["", "it is empty"],
      ["a\nroot:b", "it has a line break"],
      ["a\r", "it has a line break"],
      ["\n", "it has a line break"],
      ["a\0", "it has a NUL"],
      ["a\ud800", "it is not Unicode"],
      ["a".repeat(512), "it has 512 bytes, and the most is 511"],
      [
        "\u00e9".repeat(256),
        "it has 512 bytes, and the most is 511",
      ],
    ] as const
  ) assertEquals(passwordProblem(password), problem);
});

Deno.test("passwordProblem() finds nothing else", () => {
  for (
    const password of [
      "a",
      " ",
      ":",
      "a:b",
      "\t\x01\x7f\u0085\u2028",
      "-e",
      "\ufeffa",
      "\u{1f511}",
      "a".repeat(511),
    ]
  ) assertEquals(passwordProblem(password), undefined);
});
