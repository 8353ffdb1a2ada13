import type { Ip } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { DNS_TYPE, type DnsRecord } from '../../wire/dns/index.ts';
import type { Node } from '../../world/index.ts';
import { type Answer, DnsClient } from './dns-client.ts';
import { candidates, readResolverConfig } from './resolver-config.ts';

/** What name servers say of a name; the failures in getaddrinfo(3)'s words. */
export type DnsResult =
  | { readonly ok: true; readonly addresses: readonly Ip[] }
  | { readonly ok: false; readonly message: string };

const NOT_KNOWN = 'Name or service not known';
const NO_ADDRESS = 'No address associated with hostname';
const TEMPORARY = 'Temporary failure in name resolution';

/** Looks the name up as /etc/resolv.conf says: its servers, its search list. */
export function* lookUpAddresses(
  process: Process,
  node: Node,
  name: string,
  how: { readonly family?: 4 | 6 | undefined; readonly netnsName?: string | undefined },
): Generator<Wait, DnsResult, void> {
  const config = readResolverConfig(process, how.netnsName);
  const client = new DnsClient(process, node, config);
  const types = [...(how.family === 6 ? [] : [DNS_TYPE.A]), ...(how.family === 4 ? [] : [DNS_TYPE.AAAA])];
  let message = NOT_KNOWN;
  for (const candidate of candidates(name, config)) {
    const answers = yield* client.ask(candidate, types);
    const addresses = answers.flatMap((answer) => addressesOf(answer, candidate));
    if (addresses.length > 0) return { ok: true, addresses };
    if (answers.every(({ kind }) => kind === 'try again')) return { ok: false, message: TEMPORARY };
    if (answers.some(({ kind }) => kind === 'no data' || kind === 'answer')) message = NO_ADDRESS;
  }
  return { ok: false, message };
}

function addressesOf(answer: Answer, asked: string): Ip[] {
  if (answer.kind !== 'answer') return [];
  const { answers } = answer.message;
  const owner = canonical(answers, asked);
  return answers.flatMap(({ name, data }) => (data.form === 'address' && same(name, owner) ? [data.address] : []));
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The end of the chain of CNAMEs that begins at `name`. */
function canonical(records: readonly DnsRecord[], name: string): string {
  let owner = name;
  for (const { name: alias, type, data } of records)
    if (type === DNS_TYPE.CNAME && data.form === 'name' && same(alias, owner)) owner = data.name;
  return owner;
}

/** What an address is called. 'try again': EAI_AGAIN of getnameinfo(3). */
export type NameResult =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'no name' }
  | { readonly kind: 'try again' };

/** The name of an address, by the records below in-addr.arpa and ip6.arpa. */
export function* lookUpName(
  process: Process,
  node: Node,
  address: Ip,
  netnsName: string | undefined,
): Generator<Wait, NameResult, void> {
  const client = new DnsClient(process, node, readResolverConfig(process, netnsName));
  const [answer] = yield* client.ask(reverseName(address), [DNS_TYPE.PTR]);
  if (answer?.kind === 'try again') return answer;
  if (answer?.kind !== 'answer') return { kind: 'no name' };
  for (const { type, data } of answer.message.answers)
    if (type === DNS_TYPE.PTR && data.form === 'name') return { kind: 'name', name: data.name };
  return { kind: 'no name' };
}

export function reverseName(address: Ip): string {
  if (address.family === 4) return `${[...address.bytes].reverse().join('.')}.in-addr.arpa`;
  const digits = [...address.bytes].flatMap((byte) => [byte >> 4, byte & 15]);
  return `${digits
    .reverse()
    .map((digit) => digit.toString(16))
    .join('.')}.ip6.arpa`;
}
