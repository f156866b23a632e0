import { inNamespace, type Network } from "../helpers/network.ts";
import { startInBackground } from "../helpers/background.ts";
import { waitUntil } from "../helpers/wait_until.ts";

/** What came back of what was sent to a machine. */
export interface Traffic {
  /** Datagrams that were sent, one every ten milliseconds. */
  readonly datagrams: number;
  /** Datagrams that never came back. */
  readonly lost: number;
  /** Lines that were sent over one connection, one every ten milliseconds. */
  readonly lines: number;
  /** Lines that never came back. */
  readonly missing: number;
  /** Changes of addresses and links that take something away, as `ip monitor` has them. */
  readonly removals: readonly string[];
}

/** Traffic that runs. */
export interface RunningTraffic extends AsyncDisposable {
  /** Ends it once more than {@linkcode ENOUGH} datagrams and lines were sent, and says what came back. */
  stop(): Promise<Traffic>;
}

const PORT = 7;

/** How many datagrams and lines show that the traffic ran: a boot may be quicker than that. */
export const ENOUGH = 50;

/** Sends back what it gets. */
const ECHO = `
use IO::Socket::INET; use IO::Select; $| = 1;
my $udp = IO::Socket::INET->new(Proto => "udp", LocalPort => ${PORT}) or die "$!";
my $tcp = IO::Socket::INET->new(Proto => "tcp", LocalPort => ${PORT}, Listen => 1) or die "$!";
my $all = IO::Select->new($udp, $tcp); print "ready\\n";
while (my @ready = $all->can_read) {
  for my $it (@ready) {
    if ($it == $udp) { my $from = recv($udp, my $data, 64, 0); send($udp, $data, 0, $from) if $from }
    elsif ($it == $tcp) { $all->add($tcp->accept) }
    elsif (sysread($it, my $data, 4096)) { syswrite($it, $data) }
    else { $all->remove($it); close $it }
  }
}`;

/** Sends until it is told to stop, and a second later says what has come back. */
const SEND = `
use IO::Socket::INET; use IO::Select; use Time::HiRes qw(time); $| = 1;
my %to = (PeerAddr => $ARGV[0], PeerPort => ${PORT});
my $udp = IO::Socket::INET->new(Proto => "udp", %to) or die "$!";
my $tcp = IO::Socket::INET->new(Proto => "tcp", %to) or die "$!";
my ($end, $next, $sent, $lines, $seen, %got) = (0, time, 0, 0, 0);
$SIG{TERM} = sub { $end ||= time + 1 }; print "ready\\n";
my $all = IO::Select->new($udp, $tcp);
while (!$end || time < $end) {
  if (!$end && time >= $next) {
    $next += 0.01; send($udp, ++$sent, 0); syswrite($tcp, "x\\n") and $lines++;
    print "enough\\n" if $lines == ${ENOUGH} + 1;
  }
  my $wait = $end ? 0.1 : $next - time;
  for my $it ($all->can_read($wait > 0 ? $wait : 0)) {
    if ($it == $udp) { $got{$d} = 1 if defined recv($udp, $d, 64, 0) }
    elsif (sysread($tcp, $d, 65536)) { $seen += ($d =~ tr/\\n//) }
    else { $all->remove($tcp) }
  }
}
printf "%d %d %d %d\\n", $sent, $sent - keys %got, $lines, $lines - $seen;`;

/**
 * Sends datagrams and the lines of one open connection to a machine, which sends
 * them back, and watches the machine's addresses meanwhile.
 *
 * @param address The machine's address.
 * @returns The traffic, which runs; disposing of it ends it.
 */
export async function startTraffic(
  network: Network,
  address: string,
): Promise<RunningTraffic> {
  await using made = new AsyncDisposableStack();
  const start = (namespace: string, command: readonly string[]) =>
    made.use(startInBackground(inNamespace(namespace, command)));
  const isReady = (it: { output: { stdout: string } }) => () =>
    it.output.stdout.startsWith("ready\n");
  const monitor = start(network.machine, ["ip", "monitor", "address", "link"]);
  const echo = start(network.machine, ["perl", "-e", ECHO]);
  await waitUntil("the machine sends back", isReady(echo), 20_000);
  const sender = start(network.platform, ["perl", "-e", SEND, address]);
  await waitUntil("the connection is open", isReady(sender), 20_000);
  const resources = made.move();
  return {
    async stop() {
      await waitUntil(
        "the traffic has run for a while",
        () => sender.output.stdout.includes("enough\n"),
        20_000,
      );
      await sender.stop("SIGTERM");
      const [datagrams, lost, lines, missing] = sender.output.stdout
        .trimEnd().split("\n").at(-1)!.split(" ").map(Number) as [
          number,
          number,
          number,
          number,
        ];
      const removals = monitor.output.stdout.split("\n")
        .filter((line) => /Deleted|state DOWN|NO-CARRIER/.test(line));
      return { datagrams, lost, lines, missing, removals };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
