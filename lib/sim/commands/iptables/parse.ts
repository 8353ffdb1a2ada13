import type { Family } from '../../kernel/index.ts';
import type {
  Inverted,
  MaskedAddress,
  Match,
  Policy,
  Selectors,
  TableName,
  Target,
} from '../../kernel/netfilter/index.ts';
import { isTableName } from '../../kernel/netfilter/index.ts';
import { maskedAddress } from './address.ts';
import type { ExtensionOption, Given, MatchExtension, Names, TargetExtension } from './extension.ts';
import { findMatch, findTarget, matchOfProtocol } from './extensions.ts';
import { parseProtocol } from './protocol.ts';
import { badParameter, XtablesError } from './refusal.ts';
import { parseNumber } from './words.ts';

export type Verb = 'A' | 'C' | 'D' | 'E' | 'F' | 'I' | 'L' | 'N' | 'P' | 'R' | 'S' | 'V' | 'X' | 'Z' | 'h';

/** What one command line, or one line of iptables-restore, asks for. */
export type Request = {
  readonly verb: Verb;
  readonly table: TableName;
  readonly chain: string | undefined;
  /** Rule number, from 1. */
  readonly number: number | undefined;
  readonly newName: string | undefined;
  readonly policy: string | undefined;
  readonly selectors: readonly Selectors[];
  readonly matches: readonly Match[];
  readonly action: RequestedAction;
  readonly counters: { readonly packets: number; readonly bytes: number } | undefined;
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
  /** -Z beside -L. */
  readonly zero: boolean;
  /** -h: whose help is wanted beside the program's own. */
  readonly help: readonly string[];
  /** For standard error, whatever comes of the rest. */
  readonly warnings: string;
};

export type RequestedAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'verdict'; readonly verdict: Policy | 'RETURN' | 'QUEUE' }
  | { readonly kind: 'jump' | 'goto'; readonly name: string }
  | { readonly kind: 'target'; readonly target: Target };

/** getopt_long's table: short letter, long names, whether it takes a value. */
const OPTIONS: readonly (readonly [letter: string, names: readonly string[], value: boolean])[] = [
  ['A', ['append'], true],
  ['C', ['check'], true],
  ['D', ['delete'], true],
  ['I', ['insert'], true],
  ['R', ['replace'], true],
  ['L', ['list'], false],
  ['S', ['list-rules'], false],
  ['F', ['flush'], false],
  ['Z', ['zero'], false],
  ['N', ['new-chain', 'new'], true],
  ['X', ['delete-chain'], false],
  ['E', ['rename-chain'], true],
  ['P', ['policy'], true],
  ['s', ['source', 'src'], true],
  ['d', ['destination', 'dst'], true],
  ['p', ['protocol', 'proto'], true],
  ['i', ['in-interface'], true],
  ['o', ['out-interface'], true],
  ['j', ['jump'], true],
  ['g', ['goto'], true],
  ['m', ['match'], true],
  ['t', ['table'], true],
  ['n', ['numeric'], false],
  ['v', ['verbose'], false],
  ['x', ['exact'], false],
  ['f', ['fragments', 'fragment'], false],
  ['V', ['version'], false],
  ['h', ['help'], false],
  ['0', ['line-numbers'], false],
  ['M', ['modprobe'], true],
  ['c', ['set-counters'], true],
  ['w', ['wait'], false],
  ['W', ['wait-interval'], true],
  ['4', ['ipv4'], false],
  ['6', ['ipv6'], false],
];

const VERBS = 'ACDEFILNPRSVXZh';
const NAME_MAX = 29;
const VERDICTS = ['ACCEPT', 'DROP', 'RETURN', 'QUEUE'] as const;

type Loaded<E> = { readonly extension: E; readonly given: Given[] };
type Own = { readonly kind: 'own'; readonly letter: string; readonly value: boolean };
type Option = Own | { readonly kind: 'extension'; readonly given: Given[]; readonly option: ExtensionOption };

const OWN_BY_NAME: ReadonlyMap<string, Own> = new Map(
  OPTIONS.flatMap(([letter, names, value]) => names.map((name) => [name, { kind: 'own', letter, value }] as const)),
);

/** do_parse() of xshared.c: the arguments in turn; what they load brings options of its own. */
export class ArgumentParser {
  #at = 0;
  #invert = false;
  #verb: Verb | undefined;
  #chain: string | undefined;
  #number: number | undefined;
  #newName: string | undefined;
  #policy: string | undefined;
  #table: TableName = 'filter';
  #counters: Request['counters'];
  #zero = false;
  #warnings = '';
  readonly #flags = new Set<string>();
  readonly #selectors: { -readonly [K in keyof Selectors]: Selectors[K] } = {};
  #sources: readonly MaskedAddress[] = [];
  #destinations: readonly MaskedAddress[] = [];
  readonly #matches: Loaded<MatchExtension>[] = [];
  #target: Loaded<TargetExtension> | undefined;
  #action: RequestedAction = { kind: 'none' };

  constructor(
    readonly tool: string,
    readonly family: Family,
    readonly args: readonly string[],
    readonly names: Names,
    table?: TableName,
  ) {
    if (table !== undefined) this.#table = table;
  }

  parse(): Request {
    while (this.#at < this.args.length) {
      this.#argument(this.args[this.#at++] as string);
      // What follows is not looked at any more.
      if (this.#verb === 'h') return { ...this.#request('h'), help: this.#loadedNames() };
    }
    if (this.#invert) throw badParameter('nothing appropriate following !');
    if (this.#verb === undefined) throw badParameter('no command specified');
    this.#checkVerb(this.#verb);
    return this.#request(this.#verb);
  }

  #argument(arg: string): void {
    if (arg === '!') {
      if (this.#invert) throw badParameter('multiple consecutive ! not allowed');
      this.#invert = true;
      return;
    }
    if (arg.startsWith('--') && arg.length > 2) this.#long(arg);
    else if (arg.startsWith('-') && arg.length > 1) this.#short(arg);
    else throw new XtablesError(`Bad argument \`${arg}'\n`, 2, 'bare', true);
    this.#invert = false;
  }

  #short(arg: string): void {
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i] as string;
      const option = OPTIONS.find(([one]) => one === letter && one !== '0');
      if (option === undefined) throw badParameter(`unknown option "${arg}"`);
      const [, , takesValue] = option;
      if (!takesValue) {
        const rest = arg.slice(i + 1);
        // -w takes a number right behind it.
        if (letter === 'w' && /^\d+$/.test(rest)) return;
        this.#own(letter, undefined);
        continue;
      }
      const joined = arg.slice(i + 1);
      this.#own(letter, joined === '' ? this.#value(`-${letter}`) : joined);
      return;
    }
  }

  #long(arg: string): void {
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
    const joined = equals < 0 ? undefined : arg.slice(equals + 1);
    const option = this.#find(name) ?? this.#loadByProtocol(name);
    if (option === undefined) throw badParameter(`unknown option "${arg}"`);
    if (option.kind === 'own') {
      this.#own(option.letter, option.value ? (joined ?? this.#value(arg)) : undefined);
      return;
    }
    const {
      option: { name: full, values = 1 },
      given,
    } = option;
    const value = values === 0 ? '' : (joined ?? this.#value(arg));
    let more = '';
    if (values === 2) {
      const next = this.args[this.#at];
      if (next === undefined || next.startsWith('-') || next === '!')
        throw badParameter(`--${full} requires two args.`);
      more = next;
      this.#at++;
    }
    given.push({ name: full, value, more, invert: this.#invert });
  }

  /** The target, then the matches; of a protocol its match where there is no other. */
  #loadedNames(): string[] {
    const matches: { name: string }[] = this.#matches.map(({ extension }) => extension);
    const { protocol } = this.#selectors;
    const implied = protocol === undefined ? undefined : matchOfProtocol(protocol.value, this.family);
    if (matches.length === 0 && implied !== undefined) matches.push(implied);
    return [...(this.#target === undefined ? [] : [this.#target.extension]), ...matches].map(({ name }) => name);
  }

  /** By its whole name, or by a beginning that only one option has. What was loaded last comes first. */
  #find(name: string): Option | undefined {
    const loaded = [...(this.#target === undefined ? [] : [this.#target]), ...this.#matches.toReversed()];
    for (const { extension, given } of loaded) {
      const option = extension.options.find((one) => one.name === name || one.aliases?.includes(name) === true);
      if (option !== undefined) return { kind: 'extension', given, option };
      if (extension.absent?.includes(name) === true) throw notSimulatedHere(this.tool, `${extension.name} --${name}`);
    }
    return OWN_BY_NAME.get(name) ?? this.#findByBeginning(name, loaded);
  }

  #findByBeginning(name: string, loaded: readonly Loaded<MatchExtension | TargetExtension>[]): Option | undefined {
    const found = new Map<string | ExtensionOption, Option>();
    for (const [long, own] of OWN_BY_NAME) if (long.startsWith(name)) found.set(own.letter, own);
    for (const { extension, given } of loaded)
      for (const option of extension.options)
        if ([option.name, ...(option.aliases ?? [])].some((one) => one.startsWith(name)))
          found.set(option, { kind: 'extension', given, option });
    const [only] = found.values();
    return found.size === 1 ? only : undefined;
  }

  /** `-p tcp --dport 80` brings match tcp with it. */
  #loadByProtocol(name: string): Option | undefined {
    const { protocol } = this.#selectors;
    if (protocol === undefined || protocol.invert) return undefined;
    const extension = matchOfProtocol(protocol.value, this.family);
    if (extension === undefined || this.#matches.some((one) => one.extension === extension)) return undefined;
    this.#matches.push({ extension, given: [] });
    const found = this.#find(name);
    if (found === undefined) this.#matches.pop();
    return found;
  }

  #value(option: string): string {
    const next = this.args[this.#at];
    if (next === undefined) throw badParameter(`option "${option}" requires an argument`);
    this.#at++;
    return next;
  }

  /** An operand that may follow: not another option. */
  #operand(): string | undefined {
    const next = this.args[this.#at];
    if (next === undefined || next.startsWith('-') || next === '!') return undefined;
    this.#at++;
    return next;
  }

  #own(letter: string, value: string | undefined): void {
    if (VERBS.includes(letter)) this.#setVerb(letter as Verb, value);
    else if (letter === 'w' || letter === String(this.family) || letter === 'W' || letter === 'M') this.#skip(letter);
    else if (letter === (this.family === 4 ? '6' : '4')) throw new XtablesError('', 2, 'bare', true);
    else if (letter === 't') this.#setTable(value as string);
    else if (letter === 'c') this.#setCounters(value as string);
    else if (letter === 'm') this.#loadMatch(value as string);
    else if ('sdpiojgfnvx0'.includes(letter)) this.#selector(letter, value ?? '');
  }

  #skip(letter: string): void {
    if (letter === 'W') this.#warnings += 'Ignoring deprecated --wait-interval option.\n';
    if (letter === 'w' && /^\d+$/.test(this.args[this.#at] ?? '')) this.#at++;
  }

  #setVerb(verb: Verb, value: string | undefined): void {
    if (verb === 'h') {
      this.#verb = verb;
      return;
    }
    if (verb === 'Z' && (this.#verb === 'L' || this.#verb === 'S')) {
      this.#zero = true;
      return;
    }
    if ((verb === 'L' || verb === 'S') && this.#verb === 'Z') this.#zero = true;
    else if (this.#verb !== undefined) throw badParameter(`Cannot use -${verb} with -${this.#verb}`);
    if (this.#invert)
      throw badParameter(`unexpected ! flag before --${OPTIONS.find(([l]) => l === verb)?.[1][0] ?? ''}`);
    this.#verb = verb;
    this.#chain = value ?? ('LSFXZ'.includes(verb) ? this.#operand() : undefined) ?? this.#chain;
    if ('DILSZ'.includes(verb) && this.#chain !== undefined)
      this.#number = this.#ruleNumber(verb === 'D' || verb === 'I');
    if (verb === 'R') {
      this.#number = this.#ruleNumber(true);
      if (this.#number === undefined) throw badParameter('-R requires a rule number');
    }
    if (verb === 'P') {
      this.#policy = this.#operand();
      if (this.#policy === undefined) throw badParameter('-P requires a chain and a policy');
    }
    if (verb === 'E') {
      this.#newName = this.#operand();
      if (this.#newName === undefined) throw badParameter('-E requires old-chain-name and new-chain-name');
    }
    if (verb === 'N') checkNewName(this.#chain ?? '', this.family);
  }

  #ruleNumber(any: boolean): number | undefined {
    const next = this.args[this.#at];
    if (next === undefined || next.startsWith('-') || next === '!') return undefined;
    const number = parseNumber(next);
    if (number === undefined || number === 0) {
      if (!any && number === undefined) return undefined;
      throw badParameter(`Invalid rule number \`${next}'`);
    }
    this.#at++;
    return number;
  }

  #setTable(name: string): void {
    if (!isTableName(name)) {
      const hint = `table '${name}' does not exist\nPerhaps ${this.tool} or your kernel needs to be upgraded.\n`;
      throw new XtablesError(hint, 3, 'program', false);
    }
    this.#table = name;
  }

  #setCounters(first: string): void {
    const second = this.#operand();
    if (second === undefined) throw badParameter('-c requires packet and byte counter');
    if (!/^\d+$/.test(first)) throw badParameter('-c packet counter not numeric');
    if (!/^\d+$/.test(second)) throw badParameter('-c byte counter not numeric');
    this.#counters = { packets: Number(first), bytes: Number(second) };
  }

  #once(letter: string): void {
    if (this.#flags.has(letter)) throw badParameter(`multiple -${letter} flags not allowed`);
    this.#flags.add(letter);
  }

  #selector(letter: string, value: string): void {
    const invert = this.#invert;
    if (letter === 'v' || letter === 'n' || letter === 'x' || letter === '0') this.#flags.add(letter);
    else this.#once(letter);
    if (invert && !'sdpiof'.includes(letter)) throw badParameter(`cannot have ! before -${letter}`);
    if (letter === 's' || letter === 'd') this.#address(letter, value, invert);
    else if (letter === 'p') this.#protocol(value, invert);
    else if (letter === 'i' || letter === 'o') this.#device(letter, value, invert);
    else if (letter === 'f') this.#fragment(invert);
    else if (letter === 'j') this.#jump(value);
    else if (letter === 'g') this.#action = { kind: 'goto', name: value };
  }

  #fragment(invert: boolean): void {
    if (this.family === 6) throw badParameter("`-f' is not supported in IPv6, use -m frag instead");
    this.#selectors.fragment = { value: true, invert };
  }

  #address(letter: 's' | 'd', value: string, invert: boolean): void {
    const list = value.split(',').map((text) => maskedAddress(text, this.family));
    if (invert && list.length > 1) throw badParameter('! not allowed with multiple source or destination IP addresses');
    if (letter === 's') this.#sources = list;
    else this.#destinations = list;
    if (invert) this.#flags.add(`!${letter}`);
  }

  #protocol(value: string, invert: boolean): void {
    const protocol = parseProtocol(value);
    if (protocol === 0 && invert) throw badParameter('rule would never match protocol');
    if (protocol !== 0) this.#selectors.protocol = { value: protocol, invert };
  }

  #device(letter: 'i' | 'o', name: string, invert: boolean): void {
    if (name === '') throw badParameter('Empty interface is likely to be undesired');
    if (name.length > 15) throw badParameter(`interface name \`${name}' must be shorter than IFNAMSIZ (15)`);
    if (name === '+' && !invert) return;
    this.#selectors[letter === 'i' ? 'in' : 'out'] = { value: name, invert };
  }

  #jump(name: string): void {
    checkJump(name);
    const verdict = VERDICTS.find((one) => one === name);
    if (verdict !== undefined) {
      this.#action = { kind: 'verdict', verdict };
      return;
    }
    const extension = findTarget(name, this.family);
    if (extension === 'not simulated') throw notSimulatedHere(this.tool, `target ${name}`);
    if (extension === undefined) this.#action = { kind: 'jump', name };
    else this.#target = { extension, given: [] };
  }

  #loadMatch(name: string): void {
    if (this.#invert) throw badParameter('unexpected ! flag before --match');
    const extension = findMatch(name === 'icmpv6' ? 'icmp6' : name, this.family);
    if (extension === 'not simulated') throw notSimulatedHere(this.tool, `match ${name}`);
    if (extension === undefined) throw badParameter(`Couldn't load match \`${name}':No such file or directory\n`);
    // tcp and udp are one expression each, however often they are named.
    const again = ['tcp', 'udp'].includes(name) && this.#matches.some((one) => one.extension === extension);
    if (!again) this.#matches.push({ extension, given: [] });
  }

  #checkVerb(verb: Verb): void {
    if (this.#chain !== undefined && this.#chain.length >= NAME_MAX && verb !== 'N')
      throw badParameter(`chain name \`${this.#chain}' too long (must be under ${NAME_MAX} chars)`);
    const rule = 'ACDIR'.includes(verb);
    const illegal = [...this.#flags].find((flag) => 'sdpjiofg'.includes(flag) && !rule);
    if (illegal !== undefined) throw badParameter(`Illegal option \`-${illegal}' with this command`);
    if (this.#flags.has('0') && verb !== 'L') throw badParameter("Illegal option `--line-numbers' with this command");
    if (!rule) return;
    if (['INPUT', 'PREROUTING'].includes(this.#chain ?? '') && this.#selectors.out !== undefined)
      throw badParameter(`Can't use -o with ${this.#chain}\n`);
    if (['POSTROUTING', 'OUTPUT'].includes(this.#chain ?? '') && this.#selectors.in !== undefined)
      throw badParameter(`Can't use -i with ${this.#chain}\n`);
  }

  #request(verb: Verb): Request {
    const context = { family: this.family, selectors: this.#selectors, names: this.names };
    const helps = verb === 'h';
    const matches = helps ? [] : this.#matches.map(({ extension, given }) => extension.parse(given, context));
    const action: RequestedAction =
      this.#target === undefined || helps
        ? this.#action
        : { kind: 'target', target: this.#target.extension.parse(this.#target.given, context) };
    return {
      verb,
      table: this.#table,
      chain: this.#chain,
      number: this.#number,
      newName: this.#newName,
      policy: this.#policy,
      selectors: this.#everySelectors(),
      matches,
      action,
      counters: this.#counters,
      numeric: this.#flags.has('n'),
      verbose: this.#flags.has('v'),
      exact: this.#flags.has('x'),
      lineNumbers: this.#flags.has('0'),
      zero: this.#zero,
      help: [],
      warnings: this.#warnings,
    };
  }

  /** One rule for each pair of the addresses listed. */
  #everySelectors(): Selectors[] {
    const side = (letter: 's' | 'd', list: readonly MaskedAddress[]): (Inverted<MaskedAddress> | undefined)[] =>
      list.length === 0
        ? [undefined]
        : list.map((value) =>
            value.mask.isUnspecified && !this.#flags.has(`!${letter}`)
              ? undefined
              : { value, invert: this.#flags.has(`!${letter}`) },
          );
    return side('s', this.#sources).flatMap((src) =>
      side('d', this.#destinations).map((dst) => ({
        ...this.#selectors,
        ...(src === undefined ? {} : { src }),
        ...(dst === undefined ? {} : { dst }),
      })),
    );
  }
}

const notSimulatedHere = (tool: string, what: string): XtablesError =>
  new XtablesError(`${tool}: not simulated here: ${what}\n`, 64, 'bare', false);

function checkNewName(name: string, family: Family): void {
  if (name.startsWith('-') || name.startsWith('!'))
    throw badParameter(`chain name not allowed to start with \`${name[0]}'`);
  if (name.length >= NAME_MAX) throw badParameter(`chain name \`${name}' too long (must be under ${NAME_MAX} chars)`);
  if (VERDICTS.some((one) => one === name) || findTarget(name, family) !== undefined)
    throw badParameter('chain name may not clash with target name');
}

function checkJump(name: string): void {
  if (name === '') throw badParameter('Invalid target name (too short)');
  if (name.length >= NAME_MAX) throw badParameter(`Invalid target name \`${name}' (${NAME_MAX - 1} chars max)`);
}
