/**
 * Stand-in for `@std/log/logger`: messages are texts here.
 *
 * @module
 */

import type { BaseHandler } from "./base_handler.ts";
import {
  getLevelByName,
  getLevelName,
  type LevelName,
  type LogLevel,
  LogLevels,
} from "./levels.ts";

/** What a {@linkcode LogRecord} is made of. */
export interface LogRecordOptions {
  /** The message. */
  msg: string;
  /** What else was given to the logger. */
  args: unknown[];
  /** The level of the message. */
  level: LogLevel;
  /** The name of the logger. */
  loggerName: string;
}

/** One message on its way from a logger to its handlers. */
export class LogRecord {
  /** The message. */
  readonly msg: string;
  /** What else was given to the logger. */
  readonly args: unknown[];
  /** When the record was made. */
  readonly datetime: Date;
  /** The level of the message, as a number. */
  readonly level: number;
  /** The level of the message, by name. */
  readonly levelName: string;
  /** The name of the logger. */
  readonly loggerName: string;

  /** @param options What the record is made of. */
  constructor(options: LogRecordOptions) {
    this.msg = options.msg;
    this.args = [...options.args];
    this.datetime = new Date();
    this.level = options.level;
    this.levelName = getLevelName(options.level);
    this.loggerName = options.loggerName;
  }
}

/** Options for {@linkcode Logger}. */
export interface LoggerOptions {
  /** Who writes the records. */
  handlers?: BaseHandler[];
}

/** Makes records of messages of its level or graver ones, and gives them to its handlers. */
export class Logger {
  /** Who writes the records. */
  handlers: BaseHandler[];
  #level: LogLevel;
  readonly #loggerName: string;

  /**
   * @param loggerName The name that its records carry.
   * @param levelName The least level that is passed on.
   * @param options Who writes the records.
   */
  constructor(
    loggerName: string,
    levelName: LevelName,
    options: LoggerOptions = {},
  ) {
    this.#loggerName = loggerName;
    this.#level = getLevelByName(levelName);
    this.handlers = options.handlers ?? [];
  }

  /** The least level that is passed on, as a number. */
  get level(): LogLevel {
    return this.#level;
  }

  /** Sets the least level that is passed on, as a number. */
  set level(level: LogLevel) {
    this.#level = level;
  }

  /** The least level that is passed on, by name. */
  get levelName(): LevelName {
    return getLevelName(this.#level);
  }

  /** Sets the least level that is passed on, by name. */
  set levelName(levelName: LevelName) {
    this.#level = getLevelByName(levelName);
  }

  /** The name that its records carry. */
  get loggerName(): string {
    return this.#loggerName;
  }

  #log(level: LogLevel, msg: string, args: unknown[]): string {
    if (level < this.#level) return msg;
    const record = new LogRecord({
      msg,
      args,
      level,
      loggerName: this.#loggerName,
    });
    for (const handler of this.handlers) handler.handle(record);
    return msg;
  }

  /**
   * Logs what only somebody who looks for a fault wants to know.
   *
   * @param msg The message.
   * @param args More for the formatter.
   * @returns The message.
   */
  debug(msg: string, ...args: unknown[]): string {
    return this.#log(LogLevels.DEBUG, msg, args);
  }

  /**
   * Logs what goes as it should.
   *
   * @param msg The message.
   * @param args More for the formatter.
   * @returns The message.
   */
  info(msg: string, ...args: unknown[]): string {
    return this.#log(LogLevels.INFO, msg, args);
  }

  /**
   * Logs what may become a fault.
   *
   * @param msg The message.
   * @param args More for the formatter.
   * @returns The message.
   */
  warn(msg: string, ...args: unknown[]): string {
    return this.#log(LogLevels.WARN, msg, args);
  }

  /**
   * Logs a fault.
   *
   * @param msg The message.
   * @param args More for the formatter.
   * @returns The message.
   */
  error(msg: string, ...args: unknown[]): string {
    return this.#log(LogLevels.ERROR, msg, args);
  }

  /**
   * Logs a fault that ends everything.
   *
   * @param msg The message.
   * @param args More for the formatter.
   * @returns The message.
   */
  critical(msg: string, ...args: unknown[]): string {
    return this.#log(LogLevels.CRITICAL, msg, args);
  }
}
