import type { Ip } from '../../base/index.ts';
import type { FilterSpec, U32Key } from '../../kernel/sched/index.ts';
import { parsePrefix } from '../iproute2/addresses.ts';
import type { Session } from '../iproute2/session.ts';
import { parseUnsigned, Refusal, type Words } from '../iproute2/words.ts';
import { parseAction } from './action.ts';
import { parseClassId } from './units.ts';

const USAGE = `Usage: ... u32 [ match SELECTOR ... ] [ link HTID ] [ classid CLASSID ]
               [ action ACTION_SPEC ] [ offset OFFSET_SPEC ]
               [ ht HTID ] [ hashkey HASHKEY_SPEC ]
               [ sample SAMPLE ] [skip_hw | skip_sw]
or         u32 divisor DIVISOR

Where: SELECTOR := SAMPLE SAMPLE ...
       SAMPLE := { ip | ip6 | udp | tcp | icmp | u{32|16|8} | mark }
                 SAMPLE_ARGS [ divisor DIVISOR ]
       FILTERID := X:Y:Z

NOTE: CLASSID is parsed at hexadecimal input.
`;

const illegal = (what: string): Refusal => new Refusal(`Illegal "${what}"\n`, 1);

/** `u32 match … flowid … action …` (f_u32.c) */
export function parseU32(session: Session, words: Words): FilterSpec {
  const keys: U32Key[] = [];
  let classid = 0;
  const actions: FilterSpec['actions'][number][] = [];
  while (words.more) {
    if (words.abbreviates('match')) {
      words.value();
      for (const key of parseMatch(words)) if (!pack(keys, key)) throw illegal('match');
      continue;
    }
    if (words.abbreviates('classid') || words.is('flowid')) {
      const id = parseClassId(words.value());
      if (id === undefined) throw illegal('classid');
      classid = id;
    } else if (words.abbreviates('action')) {
      words.value();
      actions.push(...parseAction(session, words));
      continue;
    } else if (words.abbreviates('offset', 'hashkey', 'police', 'divisor', 'order', 'link', 'ht', 'sample', 'indev'))
      throw new Refusal(`tc: not simulated here: u32 '${words.word}'\n`, 64);
    else if (words.is('skip_hw', 'skip_sw')) throw new Refusal(`tc: not simulated here: u32 ${words.word}\n`, 64);
    else if (words.is('help')) throw new Refusal(USAGE, 1);
    else throw new Refusal(`What is "${words.word}"?\n${USAGE}`, 1);
    words.next();
  }
  return { kind: 'u32', keys, classid, actions };
}

/** pack_key(): words at one offset become one key; a contradiction is none. */
function pack(keys: U32Key[], key: U32Key): boolean {
  const at = keys.findIndex((one) => one.offset === key.offset);
  if (at === -1) {
    keys.push({ ...key, value: (key.value & key.mask) >>> 0 });
    return true;
  }
  const known = keys[at] as U32Key;
  if (((known.value ^ key.value) & known.mask & key.mask) !== 0) return false;
  keys[at] = {
    offset: key.offset,
    value: (known.value | (key.value & key.mask)) >>> 0,
    mask: (known.mask | key.mask) >>> 0,
  };
  return true;
}

/** A field of `width` bytes at `offset`, as the 32-bit word that it lies in. */
function field(value: number, mask: number, offset: number, width: 1 | 2 | 4): U32Key {
  const shift = 8 * (4 - width - (offset & 3));
  return { value: (value << shift) >>> 0, mask: (mask << shift) >>> 0, offset: offset & ~3 };
}

/** Fields of IP and what follows a header without options: width, offset. */
const IP_FIELDS: Readonly<Record<string, readonly [width: 1 | 2, offset: number]>> = {
  tos: [1, 1],
  dsfield: [1, 1],
  precedence: [1, 1],
  protocol: [1, 9],
  sport: [2, 20],
  dport: [2, 22],
  icmp_type: [1, 20],
  icmp_code: [1, 21],
};
const IP6_FIELDS: typeof IP_FIELDS = {
  protocol: [1, 6],
  sport: [2, 40],
  dport: [2, 42],
  icmp_type: [1, 40],
  icmp_code: [1, 41],
};

/** parse_selector(); leaves the words behind it. */
function parseMatch(words: Words): U32Key[] {
  const selector = words.word;
  const width = { u32: 4, u16: 2, u8: 1 }[selector] as 1 | 2 | 4 | undefined;
  if (width !== undefined) {
    words.value();
    return [rawKey(words, width)];
  }
  if (selector === 'ip' || selector === 'ip6') {
    words.value();
    return ipKeys(words, selector === 'ip' ? 4 : 6);
  }
  if (['tcp', 'udp', 'icmp', 'mark', 'ether'].includes(selector))
    throw new Refusal(`tc: not simulated here: u32 match ${selector}\n`, 64);
  throw illegal('match');
}

function number(words: Words, max: number): number {
  const value = parseUnsigned(words.word, max);
  // Numbers of u32 are read as hexadecimal.
  const text = /^[0-9a-f]+$/i.test(words.word) ? Number.parseInt(words.word, 16) : value;
  if (text === undefined || text > max) throw illegal('match');
  words.next();
  return text;
}

function rawKey(words: Words, width: 1 | 2 | 4): U32Key {
  const max = 256 ** width - 1;
  const value = number(words, max);
  const mask = number(words, max);
  if (!words.is('at')) return field(value, mask, 0, width);
  const offset = parseUnsigned(words.value());
  words.next();
  if (offset === undefined) throw illegal('match');
  return field(value, mask, offset, width);
}

function ipKeys(words: Words, family: 4 | 6): U32Key[] {
  const name = words.word;
  if (name === 'src' || name === 'dst') {
    const prefix = parsePrefix(words.value(), family);
    words.next();
    if (prefix === undefined) throw illegal('match');
    const base = family === 4 ? (name === 'src' ? 12 : 16) : name === 'src' ? 8 : 24;
    return addressKeys(prefix.cidr.address, prefix.cidr.prefix, base);
  }
  const known = (family === 4 ? IP_FIELDS : IP6_FIELDS)[name];
  if (known === undefined) throw illegal('match');
  words.next();
  const [width, offset] = known;
  const max = 256 ** width - 1;
  const value = parseUnsigned(words.word, max);
  words.next();
  const mask = number(words, max);
  if (value === undefined) throw illegal('match');
  return [field(value, mask, offset, width)];
}

function addressKeys(address: Ip, prefix: number, base: number): U32Key[] {
  const keys: U32Key[] = [];
  const view = new DataView(address.bytes.buffer, address.bytes.byteOffset);
  for (let at = 0; at < address.bytes.length; at += 4) {
    const bits = Math.max(0, Math.min(32, prefix - at * 8));
    if (bits === 0 && address.family === 6) continue;
    const mask = bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
    keys.push({ value: view.getUint32(at), mask, offset: base + at });
  }
  return keys;
}
