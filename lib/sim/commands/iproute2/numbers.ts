import { RT_TABLE, RTPROT, SCOPE } from '../../kernel/index.ts';
import { parseUnsigned } from './words.ts';

/** The names that /etc/iproute2/rt_{tables,protos,scopes,dsfield} and group give to numbers (Debian 12). */
class NumberNames {
  readonly #byName: ReadonlyMap<string, number>;
  readonly #byNumber: ReadonlyMap<number, string>;

  constructor(
    names: Readonly<Record<string, number>>,
    private readonly max: number,
  ) {
    this.#byName = new Map(Object.entries(names));
    this.#byNumber = new Map(Object.entries(names).map(([name, number]) => [number, name]));
  }

  /** The name, or the number as text where it has none (in `-N` always). */
  show(number: number): string {
    return this.#byNumber.get(number) ?? String(number);
  }

  parse(text: string): number | undefined {
    return this.#byName.get(text) ?? parseUnsigned(text, this.max);
  }
}

export const tables = new NumberNames(
  { default: RT_TABLE.default, main: RT_TABLE.main, local: RT_TABLE.local, unspec: 0 },
  0xffff_ffff,
);

export const protocols = new NumberNames(
  {
    ...{
      unspec: RTPROT.unspec,
      redirect: RTPROT.redirect,
      kernel: RTPROT.kernel,
      boot: RTPROT.boot,
      static: RTPROT.static,
      ra: RTPROT.ra,
    },
    ...{
      gated: 8,
      mrt: 10,
      zebra: 11,
      bird: 12,
      dnrouted: 13,
      xorp: 14,
      ntk: 15,
      dhcp: 16,
      keepalived: 18,
      babel: 42,
      openr: 99,
    },
    ...{ bgp: 186, isis: 187, ospf: 188, rip: 189, eigrp: 192 },
  },
  255,
);

export const scopes = new NumberNames(
  { global: SCOPE.universe, site: SCOPE.site, link: SCOPE.link, host: SCOPE.host, nowhere: SCOPE.nowhere },
  255,
);

export const groups = new NumberNames({ default: 0 }, 0x7fff_ffff);

/** rt_dsfield: `AF11` and its like are shown with -d only in newer versions; here numbers in hexadecimal. */
export function parseTos(text: string): number | undefined {
  const names: Readonly<Record<string, number>> = {
    default: 0,
    AF11: 0x28,
    AF12: 0x30,
    AF13: 0x38,
    AF21: 0x48,
    AF22: 0x50,
    AF23: 0x58,
    AF31: 0x68,
    AF32: 0x70,
    AF33: 0x78,
    AF41: 0x88,
    AF42: 0x90,
    AF43: 0x98,
    CS1: 0x20,
    CS2: 0x40,
    CS3: 0x60,
    CS4: 0x80,
    CS5: 0xa0,
    CS6: 0xc0,
    CS7: 0xe0,
    EF: 0xb8,
  };
  if (names[text] !== undefined) return names[text];
  return /^(0x)?[0-9a-f]{1,2}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}
