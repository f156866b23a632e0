/**
 * Stand-in for `@std/log/base-handler`.
 *
 * @module
 */

import {
  getLevelByName,
  getLevelName,
  type LevelName,
  type LogLevel,
} from "./levels.ts";
import type { LogRecord } from "./logger.ts";

export type { LevelName, LogLevel, LogRecord };

/** Makes the line that a record is written as. */
export type FormatterFunction = (logRecord: LogRecord) => string;

/** Options for {@linkcode BaseHandler}. */
export interface BaseHandlerOptions {
  /** Makes the line; level and message unless given. */
  formatter?: FormatterFunction;
}

/** Takes records of its level or graver ones, and writes them somewhere. */
export abstract class BaseHandler {
  /** Makes the line that a record is written as. */
  formatter: FormatterFunction;
  #level: LogLevel;

  /**
   * @param levelName The least level that is written.
   * @param options How the line is made.
   */
  constructor(levelName: LevelName, options?: BaseHandlerOptions) {
    this.#level = getLevelByName(levelName);
    this.formatter = options?.formatter ??
      (({ levelName, msg }) => `${levelName} ${msg}`);
  }

  /** The least level that is written, as a number. */
  get level(): LogLevel {
    return this.#level;
  }

  /** Sets the least level that is written, as a number. */
  set level(level: LogLevel) {
    this.#level = level;
  }

  /** The least level that is written, by name. */
  get levelName(): LevelName {
    return getLevelName(this.#level);
  }

  /** Sets the least level that is written, by name. */
  set levelName(levelName: LevelName) {
    this.#level = getLevelByName(levelName);
  }

  /**
   * Writes a record, unless its level is too low.
   *
   * @param logRecord The record.
   */
  handle(logRecord: LogRecord): void {
    if (logRecord.level >= this.#level) this.log(this.format(logRecord));
  }

  /**
   * Makes the line of a record.
   *
   * @param logRecord The record.
   * @returns The line.
   */
  format(logRecord: LogRecord): string {
    return this.formatter(logRecord);
  }

  /**
   * Writes a line.
   *
   * @param msg The line.
   */
  abstract log(msg: string): void;
}
