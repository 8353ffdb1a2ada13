import type { Cidr } from '../../base/index.ts';
import {
  delRule,
  dumpRules,
  type Family,
  type NewRule,
  newRule,
  RT_TABLE,
  RTPROT,
  type RuleAction,
  type RuleMessage,
} from '../../kernel/index.ts';
import { familyName, parsePrefix, prefix } from '../iproute2/addresses.ts';
import { parseTos, protocols } from '../iproute2/numbers.ts';
import type { Session } from '../iproute2/session.ts';
import { invalid, parseUnsigned, Refusal, unsigned, type Words } from '../iproute2/words.ts';
import { isInterfaceName } from './link-parse.ts';
import { usage } from './usage.ts';

const RULE_USAGE = `Usage: ip rule { add | del } SELECTOR ACTION
       ip rule { flush | save | restore }
       ip rule [ list [ SELECTOR ]]
SELECTOR := [ not ] [ from PREFIX ] [ to PREFIX ] [ tos TOS ]
            [ fwmark FWMARK[/MASK] ]
            [ iif STRING ] [ oif STRING ] [ pref NUMBER ] [ l3mdev ]
            [ uidrange NUMBER-NUMBER ]
            [ ipproto PROTOCOL ]
            [ sport [ NUMBER | NUMBER-NUMBER ]
            [ dport [ NUMBER | NUMBER-NUMBER ] ]
ACTION := [ table TABLE_ID ]
          [ protocol PROTO ]
          [ nat ADDRESS ]
          [ realms [SRCREALM/]DSTREALM ]
          [ goto NUMBER ]
          SUPPRESSOR
SUPPRESSOR := [ suppress_prefixlength NUMBER ]
              [ suppress_ifgroup DEVGROUP ]
TABLE_ID := [ local | main | default | NUMBER ]
`;

/** `ip rule …` */
export function rule(session: Session, words: Words): number {
  const verb = words.word;
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (!words.more) return list(session, words);
  if (words.abbreviates('list', 'lst', 'show')) return list(session, rest());
  if (words.abbreviates('save', 'restore')) throw new Refusal(`ip: not simulated here: rule ${verb}\n`, 64);
  if (words.abbreviates('add')) return modify(session, rest(), 'add');
  if (words.abbreviates('delete')) return modify(session, rest(), 'del');
  if (words.abbreviates('flush')) return flush(session, rest());
  if (words.abbreviates('help')) throw usage(RULE_USAGE);
  throw new Refusal(`Command "${verb}" is unknown, try "ip rule help".\n`, 255);
}

const familyOf = (session: Session): Family => session.ipFamily ?? 4;

function list(session: Session, words: Words): number {
  const { out } = session;
  const wanted = parseFilter(session, words);
  out.begin();
  for (const one of dumpRules(session.ns, familyOf(session)).filter(wanted)) {
    out.openObject();
    printRule(session, one);
    out.close();
  }
  return 0;
}

/** flush_rule(): all but what has no priority, which is the rule of the local table. */
function flush(session: Session, words: Words): number {
  const wanted = parseFilter(session, words);
  for (const one of dumpRules(session.ns, familyOf(session)).filter(wanted)) {
    if (one.priority !== 0) session.answer(delRule(session.ns, one));
  }
  return 0;
}

const hex = (value: number): string => (value === 0 ? '0' : `0x${value.toString(16)}`);

/** print_rule() of iprule.c */
export function printRule(session: Session, one: RuleMessage): void {
  const { out, options } = session;
  out.fact('priority', one.priority, `${one.priority}:\t`);
  if (one.invert) out.fact('not', null, 'not ');
  printPrefix(session, 'src', 'from ', one.src, one.family);
  if (one.dst !== undefined) printPrefix(session, 'dst', ' to ', one.dst, one.family);
  if (one.tos !== 0) out.fact('tos', hex(one.tos), ` tos ${hex(one.tos)}`);
  if (one.mark !== 0) {
    out.fact('fwmark', hex(one.mark), ` fwmark ${hex(one.mark)}`);
    if (one.mask !== 0xffff_ffff) out.fact('fwmask', hex(one.mask), `/${hex(one.mask)}`);
  }
  printDevice(session, 'iif', one.iif, one.iifDetached);
  printDevice(session, 'oif', one.oif, one.oifDetached);
  if (one.table !== 0 && one.action === 'lookup') {
    out.fact('table', session.tables.show(one.table), ` lookup ${session.tables.show(one.table)}`);
    const length = one.suppressPrefixLength;
    if (length !== undefined) out.fact('suppress_prefixlen', length, ` suppress_prefixlength ${length}`);
  }
  if (one.action === 'goto') out.fact('goto', one.goto ?? 'none', ` goto ${one.goto ?? 'none'}`);
  else if (one.action === 'nop') out.fact('nop', null, ' nop');
  else if (one.action !== 'lookup') out.fact('action', one.action, ` ${one.action}`);
  if ((one.protocol !== 0 && one.protocol !== RTPROT.kernel) || options.details) {
    out.fact('protocol', protocols.show(one.protocol), ` proto ${protocols.show(one.protocol)}`);
  }
  out.text('\n');
}

function printPrefix({ out }: Session, key: 'src' | 'dst', word: string, cidr: Cidr | undefined, family: Family): void {
  if (cidr === undefined || cidr.prefix === 0) {
    if (key === 'src' || cidr !== undefined) out.fact(key, 'all', `${word}all`);
    return;
  }
  out.text(word);
  out.fact(key, String(cidr.address), String(cidr.address), familyName(family));
  if (cidr.prefix !== cidr.address.bits) out.fact(`${key}len`, cidr.prefix, `/${cidr.prefix}`);
}

function printDevice({ out }: Session, key: 'iif' | 'oif', name: string | undefined, detached: boolean): void {
  if (name === undefined) return;
  out.text(` ${key} `);
  out.fact(key, name, name, 'ifname');
  if (detached) out.fact(`${key}_detached`, null, ' [detached]');
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const ACTIONS: Readonly<Record<string, RuleAction>> = {
  blackhole: 'blackhole',
  unreachable: 'unreachable',
  prohibit: 'prohibit',
  unicast: 'lookup',
};

/** iprule_modify() */
function modify(session: Session, words: Words, action: 'add' | 'del'): number {
  if (!words.more) throw new Refusal(`"ip rule ${action}" requires arguments.\n`, 1);
  const request: Writable<NewRule> = { family: familyOf(session) };
  let family = session.ipFamily;
  for (; words.more; words.next()) {
    if (words.is('from', 'to')) {
      const key = words.word === 'from' ? 'src' : 'dst';
      const { cidr } = prefix(words.value(), family);
      if (cidr.prefix > 0) family ??= cidr.address.family;
      request[key] = cidr;
    } else requestWord(session, words, request);
  }
  request.family = family ?? 4;
  const tableGiven = request.table !== undefined || request.action !== undefined;
  if (action === 'add') {
    session.answer(
      newRule(
        session.ns,
        { action: 'lookup', ...request, ...(tableGiven ? {} : { table: RT_TABLE.main }) },
        { create: true, excl: true },
      ),
    );
  } else session.answer(delRule(session.ns, request));
  return 0;
}

function requestWord(session: Session, words: Words, request: Writable<NewRule>): void {
  if (words.is('not')) request.invert = true;
  else if (words.abbreviates('preference', 'order', 'priority'))
    request.priority = unsigned(words.value(), 'preference value is invalid\n');
  else if (words.is('tos') || words.abbreviates('dsfield'))
    request.tos = required(parseTos(words.value()), 'TOS value is invalid\n', words);
  else if (words.is('fwmark')) Object.assign(request, parseMark(words.value()));
  else if (words.abbreviates('realms')) throw notSimulated('realms');
  else if (words.abbreviates('protocol'))
    request.protocol = required(protocols.parse(words.value()), '"protocol" value is invalid\n', words);
  else if (words.abbreviates('tun_id')) throw notSimulated('tun_id');
  else if (words.abbreviates('table') || words.is('lookup'))
    request.table = required(session.tables.parse(words.value()), 'invalid table ID\n', words);
  else if (words.abbreviates('suppress_prefixlength') || words.is('sup_pl')) {
    request.suppressPrefixLength = unsigned(words.value(), 'suppress_prefixlength value is invalid\n', 0x7fff_ffff);
  } else if (words.is('suppress_ifgroup', 'sup_group', 'l3mdev', 'uidrange', 'nat', 'ipproto', 'sport', 'dport'))
    throw notSimulated(words.word);
  else if (words.is('dev', 'iif')) request.iif = interfaceName(words.value(), '"iif"/"dev" not a valid ifname');
  else if (words.is('oif')) request.oif = interfaceName(words.value(), '"oif" not a valid ifname');
  else actionWord(words, request);
}

function actionWord(words: Words, request: Writable<NewRule>): void {
  if (words.is('type')) words.value();
  if (words.abbreviates('help')) throw usage(RULE_USAGE);
  if (words.abbreviates('goto')) {
    request.action = 'goto';
    request.goto = unsigned(words.value(), 'invalid target\n');
  } else if (words.abbreviates('nop')) request.action = 'nop';
  else {
    const action = ACTIONS[words.word];
    if (action === undefined) throw invalid('Failed to parse rule type', words.word);
    request.action = action;
  }
}

const notSimulated = (what: string): Refusal => new Refusal(`ip: not simulated here: rule selector '${what}'\n`, 64);

function required(value: number | undefined, message: string, words: Words): number {
  if (value === undefined) throw invalid(message, words.word);
  return value;
}

function interfaceName(name: string, message: string): string {
  if (!isInterfaceName(name)) throw invalid(message, name);
  return name;
}

/** `0x10` or `0x10/0xff` */
function parseMark(text: string): { mark: number; mask?: number } {
  const [markText = '', maskText] = text.split('/');
  const mark = unsigned(markText, 'fwmark value is invalid\n');
  return maskText === undefined ? { mark } : { mark, mask: unsigned(maskText, 'fwmask value is invalid\n') };
}

/** The filters of `ip rule list`. */
function parseFilter(session: Session, words: Words): (one: RuleMessage) => boolean {
  const tests: ((one: RuleMessage) => boolean)[] = [];
  const family = familyOf(session);
  const within = (wanted: Cidr, cidr: Cidr | undefined): boolean =>
    cidr !== undefined && cidr.prefix >= wanted.prefix && wanted.contains(cidr.address);
  for (; words.more; words.next()) {
    if (words.abbreviates('preference', 'order', 'priority')) {
      const priority = unsigned(words.value(), 'preference value is invalid\n');
      tests.push((one) => one.priority === priority);
    } else if (words.is('not')) tests.push((one) => one.invert);
    else if (words.is('fwmark')) {
      const { mark } = parseMark(words.value());
      tests.push((one) => one.mark === mark);
    } else if (words.is('dev', 'iif', 'oif')) {
      const key = words.word === 'oif' ? 'oif' : 'iif';
      const name = words.value();
      tests.push((one) => one[key] === name);
    } else if (words.abbreviates('lookup', 'table')) {
      const table = session.tables.parse(words.value()) ?? parseUnsigned(words.word);
      if (table === undefined) throw invalid('table id value is invalid\n', words.word);
      tests.push((one) => one.table === table);
    } else if (words.abbreviates('from', 'src')) {
      const wanted = filterPrefix(words.value(), family, 'from value is invalid\n');
      tests.push((one) => within(wanted, one.src));
    } else if (words.abbreviates('protocol')) {
      const protocol = protocols.parse(words.value());
      if (protocol === undefined && words.word !== 'all') throw invalid('invalid "protocol"\n', words.word);
      if (protocol !== undefined) tests.push((one) => one.protocol === protocol);
    } else if (
      words.is('tos', 'dsfield', 'l3mdev', 'uidrange', 'ipproto', 'sport', 'dport') ||
      words.abbreviates('tun_id')
    )
      throw notSimulated(words.word);
    else {
      if (words.abbreviates('dst', 'to')) words.value();
      const wanted = filterPrefix(words.word, family, 'to value is invalid\n');
      tests.push((one) => within(wanted, one.dst));
    }
  }
  return (one) => tests.every((test) => test(one));
}

function filterPrefix(text: string, family: Family, message: string): Cidr {
  const parsed = parsePrefix(text, family);
  if (parsed === undefined) throw invalid(message, text);
  return parsed.cidr;
}
