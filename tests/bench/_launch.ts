/**
 * Starts programs with the C library, so that only their own work counts: Deno would
 * copy its own page tables, which takes longer than a small program.
 *
 * @module
 */

/** The cost of one run of a program. */
export interface Launched {
  /** Its exit status; 128 and the signal's number if a signal ended it. */
  readonly code: number;
  /** From just before its start to its end, in milliseconds. */
  readonly wallMs: number;
  /** The processor time of the program and of the children that it waited for, in milliseconds. */
  readonly cpuMs: number;
  /** The bytes that were read from disk for it. */
  readonly readBytes: number;
}

/** Options of {@linkcode launch}. */
export interface LaunchOptions {
  /** The folder that is its root. */
  readonly root: string;
  /** The program, by its path in the root, and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Variables of its environment beside the usual ones, such as `NAME=VALUE`. */
  readonly env?: readonly string[];
  /** The file for its output, by its path in the root. */
  readonly output: string;
}

const ENVIRONMENT = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"];

const O_RDONLY = 0;
const O_WRONLY_CREAT_TRUNC = 0o1101;

/** More than the size of any C library's posix_spawn_file_actions_t, in bytes. */
const FILE_ACTIONS_BYTES = 512;

/** `struct rusage` on 64-bit Linux: 2 timevals, then 14 longs. */
const RUSAGE_BYTES = 144;
const READ_BLOCKS_OFFSET = 88;
const BLOCK_BYTES = 512;

const encoder = new TextEncoder();

const libc = open();

function open() {
  return Deno.dlopen("libc.so.6", {
    chroot: { parameters: ["buffer"], result: "i32" },
    chdir: { parameters: ["buffer"], result: "i32" },
    fchdir: { parameters: ["i32"], result: "i32" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
    posix_fadvise: { parameters: ["i32", "i64", "i64", "i32"], result: "i32" },
    posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
    posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
    posix_spawn_file_actions_addopen: {
      parameters: ["buffer", "i32", "buffer", "i32", "u32"],
      result: "i32",
    },
    posix_spawn_file_actions_adddup2: {
      parameters: ["buffer", "i32", "i32"],
      result: "i32",
    },
    posix_spawn: {
      parameters: ["buffer", "buffer", "buffer", "pointer", "buffer", "buffer"],
      result: "i32",
    },
    wait4: { parameters: ["i32", "buffer", "i32", "buffer"], result: "i32" },
  });
}

/**
 * Runs a program to its end, and measures it.
 *
 * This process is blocked meanwhile. It needs root, and all permissions.
 */
export function launch(
  { root, argv, env = [], output }: LaunchOptions,
): Launched {
  const { symbols: c } = libc;
  const actions = new Uint8Array(FILE_ACTIONS_BYTES);
  check("prepare", c.posix_spawn_file_actions_init(actions));
  const [nothing, file] = [cString("/dev/null"), cString(output)];
  c.posix_spawn_file_actions_addopen(actions, 0, nothing, O_RDONLY, 0);
  c.posix_spawn_file_actions_addopen(
    actions,
    1,
    file,
    O_WRONLY_CREAT_TRUNC,
    0o644,
  );
  c.posix_spawn_file_actions_adddup2(actions, 1, 2);
  const path = cString(argv[0]);
  const args = pointers(argv);
  const environment = pointers([...ENVIRONMENT, ...env]);
  const pid = new Int32Array(1);
  const status = new Int32Array(1);
  const usage = new Uint8Array(RUSAGE_BYTES);

  const outside = changeRoot(root);
  const startedAt = performance.now();
  const failed = c.posix_spawn(
    bytesOf(pid),
    path,
    actions,
    null,
    args.array,
    environment.array,
  );
  if (failed === 0) c.wait4(pid[0]!, bytesOf(status), 0, usage);
  const wallMs = performance.now() - startedAt;
  leaveRoot(outside);
  c.posix_spawn_file_actions_destroy(actions);
  check(`start ${argv[0]} in ${root}`, failed);
  return { code: exitCode(status[0]!), wallMs, ...countsOf(usage) };
}

/** Drops a file's pages from the page cache, except those that are not written yet. */
export function evict(path: string): void {
  const { symbols: c } = libc;
  const descriptor = c.open(cString(path), O_RDONLY);
  if (descriptor < 0) throw new Error(`Cannot open "${path}"`);
  const POSIX_FADV_DONTNEED = 4;
  const failed = c.posix_fadvise(descriptor, 0n, 0n, POSIX_FADV_DONTNEED);
  c.close(descriptor);
  check(`evict "${path}"`, failed);
}

/** Changes the root of this whole process, until it is disposed. */
function changeRoot(root: string): number {
  const { symbols: c } = libc;
  const outside = c.open(cString("/"), O_RDONLY);
  if (
    outside < 0 || c.chroot(cString(root)) !== 0 || c.chdir(cString("/")) !== 0
  ) {
    throw new Error(`Cannot make "${root}" the root: that needs root`);
  }
  return outside;
}

function leaveRoot(outside: number): void {
  const { symbols: c } = libc;
  if (c.fchdir(outside) !== 0 || c.chroot(cString(".")) !== 0) {
    throw new Error("Cannot leave the root again");
  }
  c.close(outside);
}

function countsOf(usage: Uint8Array): Pick<Launched, "cpuMs" | "readBytes"> {
  const view = new DataView(usage.buffer);
  const long = (offset: number) => Number(view.getBigInt64(offset, true));
  const time = (offset: number) =>
    long(offset) * 1000 + long(offset + 8) / 1000;
  return {
    cpuMs: time(0) + time(16),
    readBytes: long(READ_BLOCKS_OFFSET) * BLOCK_BYTES,
  };
}

function exitCode(status: number): number {
  const signal = status & 0x7f;
  return signal === 0 ? (status >> 8) & 0xff : 128 + signal;
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${text}\0`);
}

/** Makes an array of C strings, which have to live as long as it does. */
function pointers(texts: readonly string[]) {
  const strings = texts.map(cString);
  const addresses = strings.map((it) =>
    Deno.UnsafePointer.value(Deno.UnsafePointer.of(it))
  );
  return {
    array: bytesOf(BigUint64Array.from([...addresses, 0n])),
    strings,
  };
}

function bytesOf(
  { buffer }: { readonly buffer: ArrayBuffer },
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}

function check(what: string, errorNumber: number): void {
  if (errorNumber !== 0) {
    throw new Error(`Cannot ${what}: error number ${errorNumber}`);
  }
}
