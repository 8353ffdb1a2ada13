import { Ip } from '../base/index.ts';
import { decodeText, type Process } from '../os/index.ts';

/**
 * What a machine knows of names without a name server: /etc/hosts, where `ip netns exec NAME` shows the namespace's own
 * /etc/netns/NAME/hosts in its place. The results are in the words of getaddrinfo(3).
 */
export type Resolved =
  | { readonly ok: true; readonly addresses: readonly Ip[] }
  | { readonly ok: false; readonly message: string };

type HostLine = { readonly address: Ip; readonly names: readonly string[] };

/** Without name servers: numbers resolve to themselves; names come from /etc/hosts, IPv6 first when both are there. */
export function resolveHost(process: Process, name: string, netnsName?: string): Resolved {
  const numeric = parseNumericHost(name);
  if (numeric !== undefined) return { ok: true, addresses: [numeric] };
  const found = findInHosts(process, name, netnsName);
  if (found.ok) return { ok: true, addresses: [...found.addresses].sort((a, b) => b.family - a.family) };
  return { ok: false, message: 'Temporary failure in name resolution' };
}

export const parseNumericHost = (text: string): Ip | undefined => parseInetAton(text) ?? Ip.parse(text);

/** The addresses that /etc/hosts has for a name, in the order of its lines. */
export function findInHosts(process: Process, name: string, netnsName?: string, family?: 4 | 6): Resolved {
  const addresses = hostLines(process, netnsName)
    .filter((line) => line.names.some((known) => known.toLowerCase() === name.toLowerCase()))
    .map((line) => line.address)
    .filter((address) => family === undefined || address.family === family);
  return addresses.length > 0 ? { ok: true, addresses } : { ok: false, message: 'Name or service not known' };
}

/** getnameinfo(3): the first name of the address, undefined when it has none. */
export function reverseHost(process: Process, address: Ip, netnsName?: string): string | undefined {
  return hostLines(process, netnsName).find((line) => line.address === address)?.names[0];
}

function hostLines(process: Process, netnsName: string | undefined): HostLine[] {
  const own =
    netnsName === undefined ? undefined : process.machine.fs.readFile(`/etc/netns/${netnsName}/hosts`, process);
  const file = own?.ok ? own : process.machine.fs.readFile('/etc/hosts', process);
  if (!file.ok) return [];
  return decodeText(file.value)
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .flatMap(([text = '', ...names]) => {
      const address = Ip.parse(text);
      return address === undefined ? [] : [{ address, names }];
    });
}

/** inet_aton(3): one to four numbers, decimal, octal or hexadecimal, of which the last fills what is left: `127.1`. */
export function parseInetAton(text: string): Ip | undefined {
  const parts = text.split('.');
  if (parts.length > 4) return undefined;
  let value = 0;
  for (const [i, part] of parts.entries()) {
    if (!/^(0x[0-9a-f]+|\d+)$/i.test(part)) return undefined;
    const number = /^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part);
    const last = i === parts.length - 1;
    const bytes = last ? 4 - i : 1;
    if (Number.isNaN(number) || number >= 256 ** bytes) return undefined;
    value = value * 256 ** bytes + number;
  }
  return Ip.fromV4(value);
}

/** A service's port in /etc/services. */
export function lookUpService(
  process: Process,
  name: string,
): { port: number; protocols: ('tcp' | 'udp')[] } | undefined {
  const file = process.machine.fs.readFile('/etc/services', process);
  if (!file.ok) return undefined;
  const protocols: ('tcp' | 'udp')[] = [];
  let port: number | undefined;
  for (const line of decodeText(file.value).split('\n')) {
    const [first = '', entry = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const match = /^(\d+)\/(tcp|udp)$/.exec(entry);
    if (match === null || (first !== name && !aliases.includes(name))) continue;
    port ??= Number(match[1]);
    if (Number(match[1]) === port) protocols.push(match[2] as 'tcp' | 'udp');
  }
  return port === undefined ? undefined : { port, protocols };
}

/** The service of a port, as tcpdump shows it without -n. */
export function serviceName(process: Process, port: number, protocol: 'tcp' | 'udp'): string | undefined {
  const file = process.machine.fs.readFile('/etc/services', process);
  if (!file.ok) return undefined;
  for (const line of decodeText(file.value).split('\n')) {
    const [name = '', entry = ''] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (entry === `${port}/${protocol}`) return name;
  }
  return undefined;
}

export type ProtocolEntry = { readonly name: string; readonly number: number };

/** getprotobyname(3), getprotobynumber(3): an entry of /etc/protocols. */
export function lookUpProtocol(process: Process, wanted: string | number): ProtocolEntry | undefined {
  const file = process.machine.fs.readFile('/etc/protocols', process);
  if (!file.ok) return undefined;
  for (const line of decodeText(file.value).split('\n')) {
    const [name = '', number = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const found = typeof wanted === 'number' ? Number(number) === wanted : name === wanted || aliases.includes(wanted);
    if (number !== '' && found) return { name, number: Number(number) };
  }
  return undefined;
}
