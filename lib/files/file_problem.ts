import { messageOf } from "../provisioning_error.ts";

/**
 * Explains why a file could not be read or written.
 *
 * @returns The system's message, or that the compiled program lacks the permission.
 */
export function fileProblem(error: unknown): string {
  return error instanceof Deno.errors.NotCapable
    ? "the program was compiled without the permission for this path"
    : messageOf(error);
}

/** Whether a change failed because the file system is read-only. */
export function isReadOnlyError(error: unknown): boolean {
  return (error as { readonly code?: unknown } | undefined)?.code === "EROFS";
}
