import { type Endpoint, parseEndpoint } from "../http/endpoint.ts";
import { PARTS } from "../parts/parts.ts";
import { nearestName } from "./nearest_name.ts";
import type { RequestRates } from "./options.ts";

/** A week is longer than anybody waits. */
const MAX_TIMEOUT_S = 7 * 24 * 60 * 60;

/**
 * Reads a number of seconds, such as `1.5`.
 *
 * @throws {TypeError} If it is not one; the message quotes it.
 */
export function seconds(value: string): number {
  const number = /^[0-9]+(?:\.[0-9]+)?$/.test(value) ? Number(value) : NaN;
  if (!(number > 0 && number <= MAX_TIMEOUT_S)) {
    throw new TypeError(
      `"${value}" is not a number of seconds above 0 and up to ${MAX_TIMEOUT_S}`,
    );
  }
  return number;
}

/**
 * Reads one or two numbers of requests per second; the second is for all VMs together.
 *
 * @throws {TypeError} If it is neither; the message quotes it.
 */
export function requestRates(value: string): RequestRates {
  const [, perVm, all] = /^([1-9]\d{0,5})(?:,([1-9]\d{0,5}))?$/.exec(value) ??
    [];
  if (perVm === undefined) {
    throw new TypeError(
      `"${value}" is not one or two numbers of requests from 1 to 999999`,
    );
  }
  return {
    perVm: Number(perVm),
    ...(all === undefined ? {} : { all: Number(all) }),
  };
}

/**
 * Reads `HOST:PORT`, for a service that is on no port by default.
 *
 * @throws {TypeError} If it is anything else; the message quotes it.
 */
export function hostAndPort(value: string): Endpoint {
  if (!/:[0-9]+$/.test(value)) {
    throw new TypeError(`"${value}" is not of the form HOST:PORT`);
  }
  return parseEndpoint(value);
}

/**
 * Reads an absolute path, and removes slashes at its end.
 *
 * @throws {TypeError} If it is not one; the message quotes it.
 */
export function absolutePath(value: string): string {
  if (!value.startsWith("/") || value.includes("\0")) {
    throw new TypeError(`"${value}" is not an absolute path`);
  }
  return value.length > 1 ? value.replace(/\/+$/, "") || "/" : value;
}

/**
 * Reads 1 to 128 printable ASCII characters without surrounding blanks.
 *
 * @throws {TypeError} If it is anything else; the message quotes it.
 */
export function printable(value: string): string {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/.test(value)) {
    throw new TypeError(
      `"${value}" is not 1 to 128 printable ASCII characters`,
    );
  }
  return value;
}

/**
 * Reads a list separated by commas. Surrounding blanks and duplicates are removed.
 *
 * @param value The list.
 * @param read Reads one item.
 * @throws {TypeError} If `read` throws it.
 */
export function listOf(
  value: string,
  read: (item: string) => string,
): string[] {
  return [...new Set(value.split(",").map((item) => read(item.trim())))];
}

/**
 * Reads a list of names of parts.
 *
 * @throws {TypeError} If one is unknown; the message quotes it.
 */
export function partList(value: string): string[] {
  const names = PARTS.map(({ name }) => name);
  return listOf(value, (item) => {
    if (names.includes(item)) return item;
    const nearest = nearestName(item, names);
    const hint = nearest === undefined
      ? `the parts are ${names.join(", ")}`
      : `did you mean "${nearest}"?`;
    throw new TypeError(`There is no part "${item}"; ${hint}`);
  });
}

/**
 * Reads the name of a group, in the form that groupadd accepts on every distribution.
 *
 * @throws {TypeError} If it is not one; the message quotes it.
 */
export function groupName(value: string): string {
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(value)) {
    throw new TypeError(`"${value}" is not the name of a group`);
  }
  return value;
}

/**
 * Reads text that is not blank.
 *
 * @throws {TypeError} If it is blank; the message quotes it.
 */
export function notBlank(value: string): string {
  if (value.trim() === "") throw new TypeError(`"${value}" is blank`);
  return value;
}

/**
 * Reads a number of up to 20 digits, as text: it may exceed what a `number` can hold.
 *
 * @throws {TypeError} If it is not one; the message quotes it.
 */
export function digits(value: string): string {
  if (!/^[0-9]{1,20}$/.test(value)) {
    throw new TypeError(`"${value}" is not a number`);
  }
  return value;
}

/**
 * Reads one of several names.
 *
 * @throws {TypeError} If it is none of them; the message quotes it.
 */
export function oneOf<T extends string>(value: string, names: readonly T[]): T {
  const name = names.find((it) => it === value);
  if (name === undefined) {
    throw new TypeError(`"${value}" is not one of ${names.join(", ")}`);
  }
  return name;
}
