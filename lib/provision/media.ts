import { isThere } from "../files/is_there.ts";
import type { Log } from "../log/create_log.ts";
import type { Metadata } from "./metadata.ts";
import type { Media } from "./options.ts";
import type { Recorder } from "../record/recorder.ts";

/**
 * Fills in from the provisioning media what the metadata lack; what does that is loaded
 * only if there are any.
 *
 * @param metadata The metadata, or why there are none.
 * @param options Where the copy is, and where it is written what came of it.
 * @param recorder Keeps what came of it.
 * @returns The metadata with that; the same, where the media cannot be used.
 */
export async function askMedia(
  metadata: Metadata,
  options: { readonly media?: Media; readonly log: Log },
  recorder: Recorder,
): Promise<Metadata> {
  const { media, log } = options;
  // One that somebody has named has to be there.
  if (media === undefined || media.isTakenAway && !isThere(media.path)) {
    return metadata;
  }
  const { takeFromMedia } = await import("./metadata.ts");
  const { metadata: known } = await recorder.phase(
    "media",
    () => takeFromMedia(metadata, media.path, log),
    ({ result }) => result,
  );
  return known;
}

/**
 * Takes the copy of `ovf-env.xml` away; that it cannot be is a warning.
 *
 * @param options Where it is, and where it is written if it has to stay.
 */
export async function forgetMedia(
  { media, log }: { readonly media?: Media; readonly log: Log },
): Promise<void> {
  if (!media?.isTakenAway || !isThere(media.path)) return;
  const { removeMedia } = await import("./metadata.ts");
  removeMedia(media.path, log);
}
