import { RT_TABLE, RTPROT, SCOPE } from '../../kernel/index.ts';
import type { Process } from '../../os/index.ts';
import { parseUnsigned, Refusal } from './words.ts';

/** The names that files of /etc/iproute2 give to numbers. Only rt_tables is read: people add their tables there. */
export class NumberNames {
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

const BUILT_IN_TABLES = { default: RT_TABLE.default, main: RT_TABLE.main, local: RT_TABLE.local };

/** rtnl_rttable_initialize(): the tables that the file, and the files beside it, name now. */
export function readTables(process: Process): NumberNames {
  const { fs } = process.machine;
  const extra = fs.readdir('/etc/iproute2/rt_tables.d', process);
  const dropIns = extra.ok ? extra.value.filter((name) => name.endsWith('.conf')) : [];
  const paths = ['/etc/iproute2/rt_tables', ...dropIns.map((name) => `/etc/iproute2/rt_tables.d/${name}`)];
  const names: Record<string, number> = { ...BUILT_IN_TABLES };
  for (const path of paths) {
    const file = fs.readFile(path, process);
    if (!file.ok) continue;
    for (const [name, number] of namesIn(new TextDecoder().decode(file.value), path)) names[name] = number;
  }
  return new NumberNames(names, 0xffff_ffff);
}

/** fread_id_name() */
function* namesIn(text: string, path: string): Generator<[name: string, number: number], void, void> {
  for (const line of text.split('\n').map((one) => one.trimStart())) {
    if (line === '' || line.startsWith('#')) continue;
    const [, number, name] = /^(0x[\da-f]+|-?\d+)\s+([^\s#]+)/i.exec(line) ?? [];
    if (number === undefined || name === undefined) throw new Refusal(`Database ${path} is corrupted at ${line}\n`, 1);
    yield [name, Number(number)];
  }
}

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
