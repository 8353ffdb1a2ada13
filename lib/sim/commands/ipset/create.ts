import type { Family } from '../../kernel/index.ts';
import { type CreateRequest, SET_TYPES, type SetType } from '../../kernel/ipset/index.ts';
import { type Names, parseAddress, parseElement, parseNumber } from './parse-element.ts';
import { NotSimulated, parameterError, syntaxError } from './refusal.ts';

const MAX_NAME = 31;
/** Seconds whose milliseconds fit in 31 bits. */
const MAX_TIMEOUT = 2_147_483;

/** Older names of types (ipset 4). */
const ALIASES: Readonly<Record<string, string>> = {
  iphash: 'hash:ip',
  nethash: 'hash:net',
  ipporthash: 'hash:ip,port',
  ipportiphash: 'hash:ip,port,ip',
  ipportnethash: 'hash:ip,port,net',
  netporthash: 'hash:net,port',
  netifacehash: 'hash:net,iface',
  machash: 'hash:mac',
  ipmap: 'bitmap:ip',
  portmap: 'bitmap:port',
  setlist: 'list:set',
};

/** Types of the real kernel that this one lacks. */
const OTHER_TYPES = ['hash:ip,mac', 'hash:ip,mark', 'hash:net,net', 'hash:net,port,net', 'bitmap:ip,mac'] as const;

export function checkName(name: string): string {
  if (name.length > MAX_NAME) throw syntaxError(`setname '${name}' is longer than ${MAX_NAME} characters`);
  return name;
}

export function typeOf(word: string): SetType {
  const name = ALIASES[word] ?? word;
  const type = SET_TYPES.find((one) => one.name === name);
  if (type !== undefined) return type;
  if (OTHER_TYPES.some((other) => other === name)) throw new NotSimulated(`set type ${name}`);
  throw syntaxError(`typename '${word}' is unknown`);
}

type Draft = { -readonly [K in keyof CreateRequest]: CreateRequest[K] };
type Option = {
  /** Takes a value. */
  readonly value: boolean;
  readonly apply: (draft: Draft, value: string, names: Names) => void;
};

const flag = (apply: (draft: Draft) => void): Option => ({ value: false, apply });
const number = (key: 'hashsize' | 'maxelem' | 'size' | 'bucketsize' | 'initval', max: number): Option => ({
  value: true,
  apply: (draft, text) => {
    draft[key] = parseNumber(text, 0, max);
  },
});
const ignored: Option = { value: true, apply: () => undefined };
const lacking = (what: string, value: boolean): Option => ({
  value,
  apply: () => {
    throw new NotSimulated(what);
  },
});

const UINT32 = 0xffff_ffff;

const EXTENSIONS: Readonly<Record<string, Option>> = {
  timeout: {
    value: true,
    apply: (draft, text) => {
      draft.timeout = parseNumber(text, 0, MAX_TIMEOUT);
    },
  },
  counters: flag((draft) => {
    draft.counters = true;
  }),
  comment: flag((draft) => {
    draft.comment = true;
  }),
  skbinfo: lacking('skbinfo', false),
};

const HASH: Readonly<Record<string, Option>> = {
  hashsize: number('hashsize', UINT32),
  maxelem: number('maxelem', UINT32),
  bucketsize: number('bucketsize', 255),
  initval: number('initval', UINT32),
  forceadd: flag((draft) => {
    draft.forceadd = true;
  }),
  probes: ignored,
  resize: ignored,
  gc: ignored,
};

const FAMILY: Readonly<Record<string, Option>> = {
  family: { value: true, apply: () => undefined },
  '-4': flag(() => undefined),
  '-6': flag(() => undefined),
};

const NETMASK: Readonly<Record<string, Option>> = {
  netmask: {
    value: true,
    apply: (draft, text) => {
      draft.netmask = parseNetmask(text, draft.family);
    },
  },
};

const RANGE: Readonly<Record<string, Option>> = {
  range: {
    value: true,
    apply: (draft, text, names) => {
      draft.range = parseRange(draft.type, text, names);
    },
  },
};

function optionsOf(type: SetType): Readonly<Record<string, Option>> {
  return {
    ...EXTENSIONS,
    ...(type.method === 'hash' && HASH),
    ...(type.method === 'list' && { size: number('size', UINT32) }),
    ...(type.method === 'bitmap' && RANGE),
    ...(type.families !== undefined && type.method === 'hash' && FAMILY),
    ...(type.netmask === true && NETMASK),
    ...(type.name === 'hash:ip' && { bitmask: lacking('bitmask', true) }),
    ...(type.name === 'hash:net,iface' && { wildcard: lacking('wildcard', false) }),
  };
}

/** `create SETNAME TYPENAME OPTIONS…`: family first, wherever it stands, then the others in their order. */
export function parseCreate(name: string, typeWord: string, words: readonly string[], names: Names): CreateRequest {
  const type = typeOf(typeWord);
  const options = optionsOf(type);
  const draft: Draft = { name: checkName(name), type, family: 4 };
  const given = readOptions(options, words);
  for (const { word, value } of given) {
    if (word === 'family') draft.family = parseFamily(value);
    else if (word === '-6') draft.family = 6;
  }
  for (const { word, value } of given) options[word]?.apply(draft, value, names);
  if (type.method === 'bitmap' && draft.range === undefined)
    throw parameterError("Mandatory option `range' is missing");
  return draft;
}

function readOptions(
  options: Readonly<Record<string, Option>>,
  words: readonly string[],
): { word: string; value: string }[] {
  const given: { word: string; value: string }[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] as string).replace(/^--(?=[a-z])/, '');
    const option = options[word];
    if (option === undefined) throw parameterError(`Unknown argument: \`${words[i]}'`);
    if (option.value && i + 1 >= words.length) throw parameterError(`Missing mandatory argument of option \`${word}'`);
    given.push({ word, value: option.value ? (words[++i] as string) : '' });
  }
  return given;
}

function parseFamily(text: string): Family {
  if (text === 'inet' || text === 'ipv4') return 4;
  if (text === 'inet6' || text === 'ipv6') return 6;
  throw syntaxError(`unknown inet family ${text}`);
}

function parseNetmask(text: string, family: Family): number {
  const bits = family === 4 ? 32 : 128;
  try {
    const prefix = parseNumber(text, 0, 255);
    if (prefix < 1 || prefix > bits) throw syntaxError(`'${text}' is out of range 1-${bits}`);
    return prefix;
  } catch (error) {
    throw syntaxError(
      `${(error as Error).message.replace('Syntax error: ', '')}\nSyntax error: netmask is out of the inclusive range of 1-${bits}`,
    );
  }
}

function parseRange(type: SetType, text: string, names: Names): readonly [number, number] {
  if (type.name === 'bitmap:port') {
    const [part] = parseElement(type, 4, text, names);
    if (part?.kind !== 'port') throw syntaxError(`range separator expected after '${text}'`);
    const { port, to = port } = part;
    return [Math.min(port, to), Math.max(port, to)];
  }
  const part = parseAddress(text, 4, false, names);
  if (part.kind !== 'net' || (part.to === undefined && part.prefix === undefined))
    throw syntaxError(`IP/cidr or IP-IP range must be specified: ${text}`);
  if (part.to !== undefined) return [Math.min(part.ip.v4, part.to.v4), Math.max(part.ip.v4, part.to.v4)];
  const size = 2 ** (32 - (part.prefix ?? 32));
  const first = part.ip.v4 - (part.ip.v4 % size);
  return [first, first + size - 1];
}
