/**
 * Stand-in for `@std/log/levels`.
 *
 * @module
 */

/** The number of every level: the higher, the graver. */
export const LogLevels = {
  NOTSET: 0,
  DEBUG: 10,
  INFO: 20,
  WARN: 30,
  ERROR: 40,
  CRITICAL: 50,
} as const;

/** The name of a level. */
export type LevelName = keyof typeof LogLevels;

/** The number of a level. */
export type LogLevel = typeof LogLevels[LevelName];

/** The names of all levels. */
export const LogLevelNames: LevelName[] = Object.keys(LogLevels) as LevelName[];

/**
 * Finds the number of a level.
 *
 * @param name The level's name.
 * @returns Its number.
 * @throws {Error} If no level has this name.
 */
export function getLevelByName(name: LevelName): LogLevel {
  if (!Object.hasOwn(LogLevels, name)) {
    throw new Error(`Cannot find a log level named "${name}"`);
  }
  return LogLevels[name];
}

/**
 * Finds the name of a level.
 *
 * @param level The level's number.
 * @returns Its name.
 * @throws {Error} If no level has this number.
 */
export function getLevelName(level: LogLevel): LevelName {
  const name = LogLevelNames.find((name) => LogLevels[name] === level);
  if (name === undefined) {
    throw new Error(`Cannot find a log level numbered "${level}"`);
  }
  return name;
}
