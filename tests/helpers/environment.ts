/**
 * The variables that change what root's programs do, of those that a unit starts: the
 * loader, the C library, shells, the runtime and systemd's own tools.
 */

/** Variables of the loader and of the C library (ld.so(8), and glibc's manual). */
export const LIBC_VARIABLES: readonly string[] = [
  "LD_ASSUME_KERNEL",
  "LD_AUDIT",
  "LD_BIND_NOT",
  "LD_BIND_NOW",
  "LD_DEBUG",
  "LD_DEBUG_OUTPUT",
  "LD_DYNAMIC_WEAK",
  "LD_HWCAP_MASK",
  "LD_LIBRARY_PATH",
  "LD_ORIGIN_PATH",
  "LD_POINTER_GUARD",
  "LD_PREFER_MAP_32BIT_EXEC",
  "LD_PRELOAD",
  "LD_PROFILE",
  "LD_PROFILE_OUTPUT",
  "LD_SHOW_AUXV",
  "LD_TRACE_LOADED_OBJECTS",
  "LD_USE_LOAD_BIAS",
  "LD_VERBOSE",
  "LD_WARN",
  "GLIBC_TUNABLES",
  "MALLOC_ARENA_MAX",
  "MALLOC_ARENA_TEST",
  "MALLOC_CHECK_",
  "MALLOC_MMAP_MAX_",
  "MALLOC_MMAP_THRESHOLD_",
  "MALLOC_PERTURB_",
  "MALLOC_TOP_PAD_",
  "MALLOC_TRACE",
  "MALLOC_TRIM_THRESHOLD_",
  "GCONV_PATH",
  "GETCONF_DIR",
  "HOSTALIASES",
  "LOCALDOMAIN",
  "LOCPATH",
  "NIS_PATH",
  "NLSPATH",
  "RESOLV_HOST_CONF",
  "RES_OPTIONS",
  "TMPDIR",
  "TZDIR",
];

/** Variables of shells; a number that is none in OPTIND ends dash before its first command. */
export const SHELL_VARIABLES: readonly string[] = [
  "BASHOPTS",
  "BASH_ENV",
  "CDPATH",
  "ENV",
  "IFS",
  "OPTIND",
  "POSIXLY_CORRECT",
  "PS4",
  "SHELLOPTS",
];

/** Variables that the compiled program asks for at its start, before any code of ours runs. */
export const RUNTIME_VARIABLES: readonly string[] = [
  "CI",
  "CLICOLOR",
  "CLICOLOR_FORCE",
  "COLORTERM",
  "FORCE_COLOR",
  "TMUX",
  "DENO_CACHE_LSC_ENDPOINT",
  "DENO_LOG",
  "DENO_LOG_STYLE",
  "DENO_NO_FILTER_FRAMES",
  "DENO_TOKIO_EVENT_INTERVAL",
  "DENO_TOKIO_GLOBAL_QUEUE_INTERVAL",
  "DENO_TOKIO_MAX_IO_EVENTS_PER_TICK",
  "DENO_TOKIO_METRICS",
  "DENO_TOKIO_METRICS_INTERVAL",
  "DENO_TRACE_PERMISSIONS",
  "DENO_UNSTABLE_CRON_SOCK",
  "DENO_USE_CGROUPS",
  "DENO_USR2_MEMORY_TRIM",
  "ICU_DATA",
  "ICU_TIMEZONE_FILES_DIR",
  "NODE_DEBUG",
  "NODE_OPTIONS",
  "OPENSSL_ia32cap",
  "RUST_BACKTRACE",
  "RUST_LIB_BACKTRACE",
  "RUST_MIN_STACK",
  "SIMDUTF_FORCE_IMPLEMENTATION",
  "SSLKEYLOGFILE",
];

/** Variables that make systemctl do its work elsewhere, or not at all. */
export const SYSTEMCTL_VARIABLES: readonly string[] = [
  "DBUS_SYSTEM_BUS_ADDRESS",
  "SYSTEMD_OFFLINE",
  "SYSTEMD_UNIT_PATH",
];

/** Variables that the program asks for and that a unit leaves or sets. */
export const HARMLESS_VARIABLES: readonly string[] = [
  "JOURNAL_STREAM",
  "LANG",
  "LC_ALL",
  "LC_MESSAGES",
  "NO_COLOR",
  "TERM",
  "TZ",
];

/** All variables that a unit takes away from what it starts. */
export const UNWANTED_VARIABLES: readonly string[] = [
  ...LIBC_VARIABLES,
  ...SHELL_VARIABLES,
  ...RUNTIME_VARIABLES,
  ...SYSTEMCTL_VARIABLES,
];
