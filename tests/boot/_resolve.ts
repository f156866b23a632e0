import { succeed } from "../helpers/command.ts";
import { inNamespace, type Network } from "../helpers/network.ts";

/** Asks for an address; the answer's last four bytes are it, as dnsmasq sends no more than one. */
const ASK = `
use IO::Socket::INET; use IO::Select;
my $dns = IO::Socket::INET->new(Proto => "udp", PeerAddr => "10.77.0.1", PeerPort => 53) or die "$!";
my $name = join "", map { chr(length) . $_ } split /[.]/, $ARGV[0];
send($dns, pack("n6", 1, 0x100, 1, 0, 0, 0) . $name . "\\0" . pack("nn", 1, 1), 0);
IO::Select->new($dns)->can_read(5) && defined recv($dns, my $answer, 512, 0) or die "no answer";
print join ".", unpack "C4", substr $answer, -4 if unpack "x6n", $answer;`;

/**
 * Asks the DNS server beside the platform for a name, as another machine does.
 *
 * @returns The address; empty if there is no such name.
 */
export async function resolve(network: Network, name: string): Promise<string> {
  const [program, ...args] = inNamespace(network.platform, [
    "perl",
    "-e",
    ASK,
    name,
  ]);
  return await succeed(program, args);
}

/**
 * The address that a machine has now.
 *
 * @returns The address, or `undefined`.
 */
export async function addressOf(network: Network): Promise<string | undefined> {
  const text = await succeed("ip", [
    "-n",
    network.machine,
    "-4",
    "-oneline",
    "address",
    "show",
    "dev",
    "eth0",
  ]);
  return /inet ([\d.]+)/.exec(text)?.[1];
}
