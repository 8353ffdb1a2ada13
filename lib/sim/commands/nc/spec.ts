import type { OptionSpec } from '../command.ts';

const simulated = (flag: string, text: string, value?: string): OptionSpec => ({
  flags: [flag],
  text,
  simulated: true,
  ...(value === undefined ? {} : { value }),
});
const absent = (flag: string, text: string, value?: string): OptionSpec => ({
  ...simulated(flag, text, value),
  simulated: false,
});

/** In the order in which `nc -h` lists them. */
export const OPTIONS: readonly OptionSpec[] = [
  simulated('-4', 'Use IPv4'),
  simulated('-6', 'Use IPv6'),
  simulated('-b', 'Allow broadcast'),
  simulated('-C', 'Send CRLF as line-ending'),
  simulated('-D', 'Enable the debug socket option'),
  simulated('-d', 'Detach from stdin'),
  absent('-F', 'Pass socket fd'),
  simulated('-h', 'This help text'),
  simulated('-I', 'TCP receive buffer length', 'length'),
  simulated('-i', 'Delay interval for lines sent, ports scanned', 'interval'),
  simulated('-k', 'Keep inbound sockets open for multiple connects'),
  simulated('-l', 'Listen mode, for inbound connects'),
  simulated('-M', 'Outgoing TTL / Hop Limit', 'ttl'),
  absent('-m', 'Minimum incoming TTL / Hop Limit', 'minttl'),
  simulated('-N', 'Shutdown the network socket after EOF on stdin'),
  simulated('-n', 'Suppress name/port resolutions'),
  simulated('-O', 'TCP send buffer length', 'length'),
  absent('-P', 'Username for proxy authentication', 'proxyuser'),
  simulated('-p', 'Specify local port for remote connects', 'port'),
  simulated('-q', 'quit after EOF on stdin and delay of secs', 'secs'),
  simulated('-r', 'Randomize remote ports'),
  absent('-S', 'Enable the TCP MD5 signature option'),
  simulated('-s', 'Local source address', 'sourceaddr'),
  simulated('-T', 'TOS value', 'keyword'),
  absent('-t', 'Answer TELNET negotiation'),
  absent('-U', 'Use UNIX domain socket'),
  simulated('-u', 'UDP mode'),
  absent('-V', 'Specify alternate routing table', 'rtable'),
  simulated('-v', 'Verbose'),
  simulated('-W', 'Terminate after receiving a number of packets', 'recvlimit'),
  simulated('-w', 'Timeout for connects and final net reads', 'timeout'),
  absent('-X', 'Proxy protocol: "4", "5" (SOCKS) or "connect"', 'proto'),
  absent('-x', 'Specify proxy address and port', 'addr[:port]'),
  absent('-Z', 'DCCP mode'),
  simulated('-z', 'Zero-I/O mode [used for scanning]'),
];
