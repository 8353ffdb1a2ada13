import { type KernelError, type Result, strerror } from '../../base/index.ts';
import { type Family, getLink, type LinkMessage, type NetNs, nsidOf } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { namedNamespaces } from './named-netns.ts';
import { type NumberNames, readTables } from './numbers.ts';
import { Output } from './output.ts';
import { noDevice, Refusal, type Words } from './words.ts';

/** The options that stand before the object: `ip -br -4 -n red addr`. */
export type Options = {
  family: Family | 'link' | 'bridge' | 'mpls' | undefined;
  json: boolean;
  pretty: boolean;
  brief: boolean;
  oneline: boolean;
  color: boolean;
  /** -s once or twice. */
  statistics: number;
  details: boolean;
  human: boolean;
  iec: boolean;
  force: boolean;
  all: boolean;
  numeric: boolean;
  timestamp: 'none' | 'long' | 'short';
  batch: string | undefined;
  compressVlans: boolean;
};

export const defaultOptions = (): Options => ({
  family: undefined,
  json: false,
  pretty: false,
  brief: false,
  oneline: false,
  color: false,
  statistics: 0,
  details: false,
  human: false,
  iec: false,
  force: false,
  all: false,
  numeric: false,
  timestamp: 'none',
  batch: undefined,
  compressVlans: false,
});

/** One object of `ip` or `bridge`: takes the words after its name, gives the exit status. */
export type ObjectCommand = (session: Session, words: Words) => number | Generator<Wait, number, void>;

/** One run of ip or bridge: its options, the namespace it speaks to, what it prints. */
export class Session {
  readonly out: Output;

  constructor(
    readonly process: Process,
    readonly node: Node,
    readonly ns: NetNs,
    readonly options: Options,
  ) {
    this.out = new Output(options);
  }

  #tables: NumberNames | undefined;

  /** The names of the routing tables, read once a run. */
  get tables(): NumberNames {
    this.#tables ??= readTables(this.process);
    return this.#tables;
  }

  /** AF_INET or AF_INET6 when -4 or -6 says so. */
  get ipFamily(): Family | undefined {
    return this.options.family === 4 || this.options.family === 6 ? this.options.family : undefined;
  }

  link(which: string | number): LinkMessage | undefined {
    return getLink(this.ns, which);
  }

  /** ll_name_to_index(): a name, an alternative name, or `if7`. */
  linkNamed(name: string): LinkMessage | undefined {
    const index = /^if(\d+)$/.exec(name)?.[1];
    return this.link(name) ?? (index === undefined ? undefined : this.link(Number(index)));
  }

  /** Exits with `Cannot find device`. */
  device(name: string, status = 1): LinkMessage {
    const link = this.linkNamed(name);
    if (link === undefined) throw noDevice(name, status);
    return link;
  }

  /** ll_index_to_name() */
  nameOf(ifindex: number): string {
    return this.link(ifindex)?.name ?? `if${ifindex}`;
  }

  /** The name under /run/netns of the namespace that this one knows by `id`. */
  nameOfNsid(id: number): string | undefined {
    const names = namedNamespaces(this.node);
    return names.list().find((name) => {
      const ns = names.get(name);
      return ns !== undefined && nsidOf(this.ns, ns) === id;
    });
  }

  /** Exits with what rtnetlink answered, unless it was success. `status` is 2 for ip, 255 for bridge. */
  answer<T>(result: Result<T>, status = 2): T {
    if (result.ok) return result.value;
    throw new Refusal(answerText(result.error), status);
  }
}

/** rtnl_talk(): the extended acknowledgement when there is one, else the error's text. */
export function answerText({ errno, extack }: KernelError): string {
  if (extack === undefined) return `RTNETLINK answers: ${strerror(errno)}\n`;
  return `Error: ${extack}${extack.endsWith('.') ? '' : '.'}\n`;
}
