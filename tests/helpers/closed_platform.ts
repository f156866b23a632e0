/** The options that name a platform on which nothing listens. */
export const NO_PLATFORM: readonly string[] = closedPlatform();

function closedPlatform(): string[] {
  // Both are held at once, so that they differ.
  using wireserver = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using imds = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return [
    "--wireserver",
    `127.0.0.1:${wireserver.addr.port}`,
    "--imds",
    `127.0.0.1:${imds.addr.port}`,
  ];
}
