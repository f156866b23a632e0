/** No certificate at all, so that it is refused before a byte is sent. */
const BAD_CERTIFICATE =
  "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

/**
 * Resets a connection that has bytes left unread: the client sees RST.
 *
 * Deno has no call for it, and `close()` says a proper goodbye (FIN) first. `startTls()` takes the
 * socket over and, when it fails on its settings, drops it without one; the system then answers
 * the unread bytes with RST. Where the permission for this host without a port is missing,
 * the connection stays open, and closing it is left to the caller as ever.
 */
export async function reset(connection: Deno.TcpConn): Promise<void> {
  try {
    const { hostname } = connection.localAddr;
    const taken = await Deno.startTls(connection, {
      hostname,
      caCerts: [BAD_CERTIFICATE],
    });
    taken.close();
  } catch {
    // To fail is what it is for.
  }
}
