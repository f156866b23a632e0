/**
 * The floor: a program that does nothing, compiled with the flags of the real one.
 *
 * @module
 */

Deno.exit(0);
