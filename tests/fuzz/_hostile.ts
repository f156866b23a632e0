import { NASTY_XML } from "./_goal_states.ts";
import { NASTY_LINES } from "./_responses.ts";
import { NASTY_WORDS } from "./_texts.ts";

const encoder = new TextEncoder();

/** What all goal states need; the rest goes in front of the end. */
const IDS =
  "<Incarnation>1</Incarnation><Container><ContainerId>c</ContainerId>" +
  "<RoleInstanceList><RoleInstance><InstanceId>i</InstanceId></RoleInstance>" +
  "</RoleInstanceList></Container>";

/** A million characters. */
const M = 1_000_000;

/** The largest goal state that is read, in bytes. */
const LARGEST = 2 ** 20;

/** A goal state of about a length, in characters, of nearly nothing but the text. */
function inGoalState(text: string, length = 65_000): string {
  const count = Math.floor((length - IDS.length - 23) / text.length);
  return `<GoalState>${IDS}${text.repeat(count)}</GoalState>`;
}

function inId(text: string, length = 65_000): string {
  return `<GoalState>${IDS}</GoalState>`.replace(
    ">i<",
    () => `>${text.repeat((length - IDS.length - 23) / text.length)}<`,
  );
}

function attributes(make: (index: number) => string): string {
  let list = "";
  for (let index = 0; list.length < 64_000; index++) list += ` ${make(index)}`;
  return `<GoalState>${IDS}<a${list}/></GoalState>`;
}

const HEAD = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const BILLION_LAUGHS = "<!DOCTYPE a [<!ENTITY a0 'ha'>" +
  Array.from(
    { length: 30 },
    (_, i) => `<!ENTITY a${i + 1} '${`&a${i};`.repeat(10)}'>`,
  ).join("") +
  `]><GoalState><Incarnation>&a30;</Incarnation></GoalState>`;

/** Texts that were made by hand to hurt, as what makes them. */
const TEXTS: Readonly<Record<string, () => string>> = {
  "nothing": () => "",
  "100 kB of nested elements": () => "<a>".repeat(33_000),
  "100 kB of nested elements, all closed": () =>
    "<a>".repeat(14_000) + "</a>".repeat(14_000),
  "nested elements of a goal state": () => inGoalState("<Container>"),
  "a megabyte of nested elements": () => "<GoalState>".repeat(M / 11),
  "a million less-than signs": () => "<".repeat(M),
  "a million ampersands": () => "&".repeat(M),
  "less-than signs": () => "<".repeat(60_000),
  "ampersands": () => inGoalState("&"),
  "an entity without end": () => `<GoalState>&${"a".repeat(60_000)}`,
  "an entity bomb": () => BILLION_LAUGHS,
  "an entity that holds itself": () =>
    "<!DOCTYPE a [<!ENTITY a '&a;'>]><GoalState>&a;</GoalState>",
  "an entity of a file": () =>
    "<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/shadow'>]><GoalState>&a;</GoalState>",
  "a parameter entity": () =>
    "<!DOCTYPE a [<!ENTITY % a SYSTEM 'http://127.0.0.1/'>%a;]><GoalState/>",
  "entities that objects inherit": () => inGoalState("&constructor;"),
  "predefined entities": () => inGoalState("&amp;"),
  "characters by number": () => inGoalState("&#x1F600;"),
  "a character of an enormous number": () =>
    inGoalState(`&#${"9".repeat(50_000)};`),
  "many elements": () => inGoalState("<a/>"),
  "many elements with text": () => inGoalState("<a>x</a>"),
  "a megabyte of elements": () => inGoalState("<a/>", LARGEST),
  "as many elements and texts as are read": () =>
    inGoalState(`<a/>${"x".repeat(12)}`, LARGEST),
  "as many elements with attributes as are read": () =>
    inGoalState('<a b="" c="d"/> ', LARGEST),
  "a megabyte of namespaces": () =>
    inGoalState("<p:r xmlns:p='urn:p'/>", LARGEST),
  "a megabyte of entities": () => inGoalState("&amp;", LARGEST),
  "rows of everything": () =>
    inGoalState("<p:r xmlns:p='urn:p' p:x='1'>a &amp; b<![CDATA[c]]></p:r>\n"),
  "many attributes": () => attributes((index) => `a${index}=''`),
  "one attribute many times": () => attributes(() => "a=''"),
  "many namespaces": () => attributes((index) => `xmlns:a${index}='u'`),
  "an attribute of many lines": () =>
    inGoalState(`<a b='${"x\n".repeat(30_000)}'/>`),
  "an attribute of many entities": () =>
    inGoalState(`<a b='${"&quot;".repeat(10_000)}'/>`),
  "namespaces on every level": () =>
    `<GoalState>${IDS}` +
    Array.from({ length: 60 }, (_, depth) =>
      `<a ${
        Array.from({ length: 60 }, (_, i) => `xmlns:p${depth}-${i}='u'`)
          .join(" ")
      }>`).join("") +
    "<p0-0:b/>".repeat(50),
  "many comments": () => inGoalState("<!---->"),
  "a long comment": () => inGoalState(`<!--${"- ".repeat(30_000)}-->`),
  "many instructions": () => inGoalState("<?a?>"),
  "many CDATA sections": () => inId("<![CDATA[x]]>"),
  "brackets in CDATA": () => inGoalState(`<![CDATA[${"]]".repeat(30_000)}]]>`),
  "nested CDATA": () => inGoalState("<![CDATA["),
  "line ends": () => inGoalState("\n"),
  "carriage returns": () => inGoalState("\r"),
  "an id of 60 kB": () => inId("x"),
  "an id of blanks around a letter": () => inId(`${" ".repeat(20_000)}x`),
  "an id of emoji": () => inId("\u{1f600}"),
  "an id of ampersands": () => inId("&amp;"),
  "an id of 4 kB": () => inId("x", 4000),
  "an id of nothing but zeros": () => inId("0", 2000),
  "a name of 60 kB": () => `<${"a".repeat(60_000)}/>`,
  "a goal state of over the limit": () => inGoalState("x", LARGEST + 100),
  "a goal state of two megabytes": () => inGoalState("x", 2 * M),
  "an open tag without end": () => `<GoalState ${"a='b' ".repeat(10_000)}`,
  "HTML": () => `<!doctype html><html>${"<title>".repeat(9000)}`,
  "many titles": () => "<title>".repeat(9000),
  "many scripts that end as a style": () => "<script></style>".repeat(4000),
  "JSON nested deeply": () => "[".repeat(M),
  "JSON nested deeply, all closed": () => "[".repeat(M / 2) + "]".repeat(M / 2),
  "JSON objects nested deeply": () =>
    '{"compute":'.repeat(50_000) + "1" + "}".repeat(50_000),
  "JSON of one key many times": () =>
    `{${'"compute":{"vmId":"a"},'.repeat(40_000)}"compute":{}}`,
  "JSON of many keys": () =>
    `{"compute":{${
      Array.from({ length: 60_000 }, (_, i) => `"k${i}":0`).join(",")
    }}}`,
  "JSON with a prototype": () =>
    '{"__proto__":{"compute":{"vmId":"a"}},"constructor":{"prototype":{"vmId":"a"}}}',
  "JSON with a prototype in compute": () =>
    '{"compute":{"__proto__":{"vmId":"a","osProfile":{"computerName":"a"}}}}',
  "JSON of a long name": () =>
    `{"compute":{"vmId":"${"x".repeat(900_000)}","name":"${
      "y".repeat(90_000)
    }"}}`,
  "JSON of an enormous number": () => `{"compute":${"9".repeat(900_000)}}`,
  "JSON of a number with a huge exponent": () =>
    '{"compute":{"vmId":1e99999999999,"name":-1e-99999999}}',
  "JSON of escapes": () => `{"compute":{"name":"${"\\u0000".repeat(50_000)}"}}`,
  "JSON of half characters": () =>
    `{"compute":{"name":"\\ud800","osProfile":{"computerName":"\\udc00a"}}}`,
  "JSON of a name of controls": () =>
    '{"compute":{"name":"a\\u001b[2J\\u202e\\nb"}}',
  "JSON whose compute is a list": () => '{"compute":[{"vmId":"a"}]}',
  "a megabyte of backslashes": () => `"${"\\".repeat(M)}`,
  "headers of megabytes": () => HEAD + `A: ${"x".repeat(1.5 * M)}`,
  "many headers": () => HEAD + "A: b\r\n".repeat(200_000),
  "many different headers": () =>
    HEAD + Array.from({ length: 9000 }, (_, i) => `a${i}:\r\n`).join(""),
  "one header many times, within the limit": () =>
    `${HEAD}${"A: b\r\n".repeat(10_000)}\r\n`,
  "a header of blanks": () => `${HEAD}A: x${" ".repeat(65_000)}y\r\n\r\n`,
  "a status line of megabytes": () => `HTTP/1.1 200 ${"x".repeat(1.5 * M)}`,
  "a reason of 60 kB": () => `HTTP/1.1 503 ${"x ".repeat(30_000)}\r\n\r\n`,
  "a list of lengths": () =>
    `${HEAD}Content-Length: ${"1,".repeat(30_000)}1\r\n\r\nx`,
  "a list of different lengths": () =>
    `${HEAD}Content-Length: ${
      Array.from({ length: 9000 }, (_, i) => i).join()
    }\r\n\r\nx`,
  "interim answers without end": () => "HTTP/1.1 100 \r\n\r\n".repeat(50_000),
  "a body without end": () => `${HEAD}\r\n${"x".repeat(1.5 * M)}`,
  "a body of its limit": () => `${HEAD}\r\n${"x".repeat(1024 * 1024)}`,
  "a body over its length": () =>
    `${HEAD}Content-Length: 3\r\n\r\n${"x".repeat(M)}`,
  "a body under its length": () =>
    `${HEAD}Content-Length: ${M}\r\n\r\n${"x".repeat(M - 1)}`,
  "a body of an enormous length": () =>
    `${HEAD}Content-Length: 999999999999999\r\n\r\nx`,
  "a gzip body": () =>
    `${HEAD}Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03`,
  "a gzip body that does not say so": () =>
    `${HEAD}\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03`,
  "small chunks without end": () => CHUNKED + "1\r\nx\r\n".repeat(50_000),
  "chunks that are not": () => `${CHUNKED}${"x".repeat(M)}`,
  "a chunk of an enormous size": () => `${CHUNKED}ffffffff\r\n`,
  "a chunk size of zeros": () => `${CHUNKED}${"0".repeat(60_000)}\r\n`,
  "a chunk size of blanks": () => `${CHUNKED}1${" ".repeat(60_000)}x\r\n`,
  "a chunk extension without end": () => `${CHUNKED}1;${"x".repeat(M)}`,
  "a chunk over its size": () => `${CHUNKED}1\r\nxx\r\n0\r\n\r\n`,
  "trailers without end": () => `${CHUNKED}0\r\n${"A: b\r\n".repeat(50_000)}`,
  "NULs": () => "\0".repeat(M),
  "a million line ends": () => "\n".repeat(M),
  "a million blanks": () => " ".repeat(M),
  "60 kB of blanks": () => " ".repeat(60_000),
  "a million digits": () => "9".repeat(M),
  "a million dots": () => ".".repeat(M),
  "255 dots": () => ".".repeat(255),
  "255 letters and dots": () => "a.".repeat(127),
  "a million hyphens": () => "-".repeat(M),
  "a million escapes": () => "\x1b".repeat(M),
  "text turned around": () => "\u202e\u2066".repeat(1000),
  "a million emoji": () => "\u{1f600}".repeat(M / 2),
  "number signs": () => "#".repeat(60_000),
  "every nasty word": () => NASTY_WORDS.join(" "),
  "every nasty piece of XML": () => inGoalState(NASTY_XML.join("")),
  "every nasty line": () => NASTY_LINES.join("\r\n"),
};

/** Bytes that are no text at all. */
const BYTES: Readonly<Record<string, () => Uint8Array>> = {
  "every byte": () => Uint8Array.from({ length: 256 }, (_, byte) => byte),
  "a megabyte of 0xFF": () => new Uint8Array(M).fill(0xff),
  "UTF-8 cut within a character": () => Uint8Array.of(0x3c, 0xf0, 0x9f, 0x98),
  "UTF-8 with a longer form of NUL": () => Uint8Array.of(0x61, 0xc0, 0x80),
  "UTF-8 with half a character": () => Uint8Array.of(0xed, 0xa0, 0x80, 0x61),
  "UTF-8 beyond Unicode": () => Uint8Array.of(0xf4, 0x90, 0x80, 0x80),
  "a goal state in Latin-1": () =>
    Uint8Array.from(inId("\xe4", 300), (it) => it.charCodeAt(0)),
  "a goal state in UTF-16": () =>
    Uint8Array.from(
      `\ufeff<GoalState>${IDS}</GoalState>`,
      (it) => it.charCodeAt(0) & 0xff,
    ).reduce<Uint8Array>((all, byte, index) => {
      all[index * 2] = byte;
      return all;
    }, new Uint8Array(2 * (IDS.length + 24))),
  "two byte order marks": () =>
    encoder.encode(`\ufeff\ufeff<GoalState>${IDS}</GoalState>`),
  "pseudo-random bytes": () => {
    let state = 1;
    return Uint8Array.from({ length: 200_000 }, () => {
      state = Math.imul(state, 1_103_515_245) + 12_345;
      return state >>> 16;
    });
  },
};

/** All inputs made by hand: name, and what makes the bytes. */
export const HOSTILE: ReadonlyMap<string, () => Uint8Array> = new Map([
  ...Object.entries(TEXTS).map(([name, make]) =>
    [name, () => encoder.encode(make())] as const
  ),
  ...Object.entries(BYTES),
]);
