import { type Cidr, Ip } from '../../base/index.ts';
import { type DelAddr, delAddr, type Family, type NewAddr, type NewFlags, newAddr, SCOPE } from '../../kernel/index.ts';
import type { Wait } from '../../os/index.ts';
import { address, type Prefix, prefix } from '../iproute2/addresses.ts';
import { scopes } from '../iproute2/numbers.ts';
import type { Session } from '../iproute2/session.ts';
import { duplicate, garbage, invalid, parseUnsigned, Refusal, unsigned, type Words } from '../iproute2/words.ts';
import { flushAddresses, listAddresses } from './addr-list.ts';
import { arriveKinds } from './kinds/kinds.ts';
import { ADDR_USAGE, usage } from './usage.ts';

/** `ip address …` */
export function* addr(session: Session, words: Words): Generator<Wait, number, void> {
  if (session.options.details) yield* arriveKinds(session);
  if (!words.more) return listAddresses(session, words, 'addr');
  const verb = words.word;
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (words.abbreviates('add')) return modify(session, rest(), { create: true, excl: true });
  if (words.abbreviates('change') || words.is('chg')) return modify(session, rest(), { replace: true });
  if (words.abbreviates('replace')) return modify(session, rest(), { create: true, replace: true });
  if (words.abbreviates('delete')) return modify(session, rest(), 'delete');
  if (words.abbreviates('list', 'show', 'lst')) return listAddresses(session, rest(), 'addr');
  if (words.abbreviates('flush')) return flushAddresses(session, rest());
  if (words.abbreviates('save', 'showdump', 'restore'))
    throw new Refusal(`ip: not simulated here: address ${verb}\n`, 64);
  if (words.abbreviates('help')) throw usage(ADDR_USAGE);
  throw new Refusal(`Command "${verb}" is unknown, try "ip address help".\n`, 255);
}

type Request = {
  family: Family | undefined;
  local: Prefix | undefined;
  localText: string;
  peer: Cidr | undefined;
  broadcast: Ip | '+' | '-' | undefined;
  label: string | undefined;
  scope: number | undefined;
  metric: number | undefined;
  dev: string | undefined;
  validLft: number | undefined;
  preferredLft: number | undefined;
  nodad: boolean;
  noprefixroute: boolean;
};

/** ipaddr_modify() of ipaddress.c */
function modify(session: Session, words: Words, action: NewFlags | 'delete'): number {
  const request = parseRequest(session, words);
  if (request.dev === undefined) throw new Refusal('Not enough information: "dev" argument is required.\n', 1);
  const peer = peerOf(session, request, action === 'delete');
  const broadcast = action === 'delete' ? undefined : broadcastOf(request, peer);
  const { ifindex } = session.device(request.dev);
  checkLifetimes(request);
  const { local } = request;
  if (local === undefined) throw withoutAddress(request);
  if (action === 'delete') {
    session.answer(delAddr(session.ns, deletion(ifindex, request, local, peer)));
    return 0;
  }
  const add: NewAddr = {
    ifindex,
    local: local.cidr.address,
    prefix: (peer ?? local.cidr).prefix,
    scope: request.scope ?? defaultScope(local.cidr.address),
    nodad: request.nodad,
    noprefixroute: request.noprefixroute,
    ...(peer === undefined || peer.address === local.cidr.address ? {} : { peer: peer.address }),
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(request.label === undefined ? {} : { label: request.label }),
    ...(request.metric === undefined ? {} : { metric: request.metric }),
    ...(request.validLft === undefined ? {} : { validLft: request.validLft }),
    ...(request.preferredLft === undefined ? {} : { preferredLft: request.preferredLft }),
  };
  session.answer(newAddr(session.ns, add, action));
  return 0;
}

/** What the kernel says to a request without IFA_LOCAL: without a family nobody answers it. */
function withoutAddress({ family, broadcast }: Request): Refusal {
  const asked = family ?? (typeof broadcast === 'object' ? broadcast.family : undefined);
  if (asked === undefined) return new Refusal('RTNETLINK answers: Operation not supported\n', 2);
  return new Refusal(
    asked === 4 ? 'Error: ipv4: Local address is not supplied.\n' : 'RTNETLINK answers: Invalid argument\n',
    2,
  );
}

function deletion(ifindex: number, request: Request, local: Prefix, peer: Cidr | undefined): DelAddr {
  const label = request.label === undefined ? {} : { label: request.label };
  if (peer === undefined) return { ifindex, local: local.cidr.address, ...label };
  return { ifindex, local: local.cidr.address, peer: peer.address, prefix: peer.prefix, ...label };
}

/** Without `peer` the address is its own peer; but `del ADDRESS` without a length is the old wildcard. */
function peerOf({ out }: Session, { local, localText, peer }: Request, deleting: boolean): Cidr | undefined {
  if (peer !== undefined || local === undefined) return peer;
  const { address: ip } = local.cidr;
  if (!deleting || ip.family !== 4 || local.explicit) return local.cidr;
  out.error(`Warning: Executing wildcard deletion to stay compatible with old scripts.
         Explicitly specify the prefix length (${localText}/32) to avoid this warning.
         This special behaviour is likely to disappear in further releases,
         fix your scripts!
`);
  return undefined;
}

/** `brd +` sets the host bits, `brd -` clears them; networks of 31 and 32 bits have no broadcast address. */
function broadcastOf({ broadcast, family }: Request, peer: Cidr | undefined): Ip | undefined {
  if (broadcast !== '+' && broadcast !== '-') return broadcast;
  if (family !== 4 || peer === undefined) throw new Refusal('Broadcast can be set only for IPv4 addresses\n', 1);
  if (peer.prefix > 30) return undefined;
  return broadcast === '+' ? peer.broadcast() : peer.network().address;
}

/** default_scope(): 127.0.0.0/8 is for the host. */
const defaultScope = (ip: Ip): number => (ip.family === 4 && ip.isLoopback ? SCOPE.host : SCOPE.universe);

function checkLifetimes({ validLft, preferredLft }: Request): void {
  if (validLft === undefined && preferredLft === undefined) return;
  if (validLft === 0) throw new Refusal('valid_lft is zero\n', 1);
  if ((validLft ?? Number.POSITIVE_INFINITY) < (preferredLft ?? Number.POSITIVE_INFINITY)) {
    throw new Refusal('preferred_lft is greater than valid_lft\n', 1);
  }
}

function parseRequest(session: Session, words: Words): Request {
  const request: Request = {
    ...{
      family: session.ipFamily,
      local: undefined,
      localText: '',
      peer: undefined,
      broadcast: undefined,
      label: undefined,
    },
    ...{
      scope: undefined,
      metric: undefined,
      dev: undefined,
      validLft: undefined,
      preferredLft: undefined,
      nodad: false,
      noprefixroute: false,
    },
  };
  for (; words.more; words.next()) requestWord(session, words, request);
  return request;
}

function requestWord(session: Session, words: Words, request: Request): void {
  if (words.is('peer', 'remote')) {
    if (request.peer !== undefined) throw duplicate('peer', words.value());
    request.peer = prefix(words.value(), request.family).cidr;
    request.family ??= request.peer.address.family;
  } else if (words.abbreviates('broadcast') || words.is('brd')) {
    const text = words.value();
    if (request.broadcast !== undefined) throw duplicate('broadcast', text);
    request.broadcast = text === '+' || text === '-' ? text : address(text, request.family);
    if (request.broadcast instanceof Ip) request.family ??= request.broadcast.family;
  } else if (words.is('anycast')) throw new Refusal("ip: not simulated here: address attribute 'anycast'\n", 64);
  else if (words.is('scope')) {
    request.scope = scopes.parse(words.value());
    if (request.scope === undefined) throw invalid('invalid scope value.', words.word);
  } else if (words.is('dev')) request.dev = words.value();
  else if (words.is('label')) request.label = words.value();
  else if (words.abbreviates('metric', 'priority', 'preference'))
    request.metric = unsigned(words.value(), '"metric" value is invalid\n');
  else if (words.abbreviates('valid_lft')) request.validLft = lifetime(words.value(), 'valid_lft value');
  else if (words.abbreviates('preferred_lft')) request.preferredLft = lifetime(words.value(), 'preferred_lft value');
  else if (!addressFlag(session, words.word, request)) localWord(words, request);
}

function localWord(words: Words, request: Request): void {
  if (words.is('local')) words.value();
  if (words.abbreviates('help')) throw usage(ADDR_USAGE);
  if (request.local !== undefined) throw garbage('local', words.word);
  request.localText = words.word;
  request.local = prefix(words.word, request.family);
  request.family ??= request.local.cidr.address.family;
}

const READ_ONLY_FLAGS = [
  'secondary',
  'dadfailed',
  'deprecated',
  'tentative',
  'permanent',
  'temporary',
  'stable-privacy',
];
const IPV6_FLAGS = ['nodad', 'home', 'optimistic', 'mngtmpaddr'];

function addressFlag({ out }: Session, word: string, request: Request): boolean {
  if (READ_ONLY_FLAGS.includes(word)) out.error(`Warning: ${word} option is not mutable from userspace\n`);
  else if (IPV6_FLAGS.includes(word) && request.family !== 6)
    out.error(`Warning: ${word} option can be set only for IPv6 addresses\n`);
  else if (word === 'nodad') request.nodad = true;
  else if (word === 'noprefixroute') request.noprefixroute = true;
  else if (word === 'autojoin' || IPV6_FLAGS.includes(word))
    throw new Refusal(`ip: not simulated here: address flag '${word}'\n`, 64);
  else return false;
  return true;
}

/** set_lifetime(): seconds, or for ever. */
function lifetime(text: string, message: string): number {
  if (text === 'forever') return Number.POSITIVE_INFINITY;
  const seconds = parseUnsigned(text);
  if (seconds === undefined) throw invalid(message, text);
  return seconds;
}
