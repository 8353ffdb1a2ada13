import { Ip } from '../../base/index.ts';
import { decodeText, type Process } from '../../os/index.ts';

/** /etc/resolv.conf, as resolv.conf(5) explains it. */
export type ResolverConfig = {
  readonly servers: readonly Ip[];
  readonly search: readonly string[];
  /** A name with as many dots is tried as it is first. */
  readonly ndots: number;
  /** Seconds. */
  readonly timeout: number;
  readonly attempts: number;
};

/** MAXNS */
const SERVERS_MAX = 3;
const LOCAL = Ip.fromV4(0x7f000001);

/** A namespace that `ip netns exec` names has its own, /etc/netns/NAME/resolv.conf, if that is there. */
export function readResolverConfig(process: Process, netnsName: string | undefined): ResolverConfig {
  const { fs } = process.machine;
  const own = netnsName === undefined ? undefined : fs.readFile(`/etc/netns/${netnsName}/resolv.conf`, process);
  const file = own?.ok ? own : fs.readFile('/etc/resolv.conf', process);
  return parseResolverConfig(file.ok ? decodeText(file.value) : '');
}

export function parseResolverConfig(text: string): ResolverConfig {
  const servers: Ip[] = [];
  let search: string[] = [];
  const options = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (/^[#;]/.test(line)) continue;
    const [keyword = '', ...words] = line.trim().split(/\s+/);
    if (keyword === 'nameserver') {
      const address = Ip.parse(words[0] ?? '');
      if (address !== undefined && servers.length < SERVERS_MAX) servers.push(address);
    } else if (keyword === 'search') search = words;
    else if (keyword === 'domain') search = words.slice(0, 1);
    else if (keyword === 'options') {
      for (const word of words) {
        const [name = '', value] = word.split(':');
        if (value !== undefined && /^\d+$/.test(value)) options.set(name, Number(value));
      }
    }
  }
  return {
    servers: servers.length > 0 ? servers : [LOCAL],
    search,
    ndots: Math.min(options.get('ndots') ?? 1, 15),
    timeout: Math.min(options.get('timeout') ?? 5, 30),
    attempts: Math.min(options.get('attempts') ?? 2, 5),
  };
}

/** The complete names to try for `name`, in order (res_nsearch). */
export function candidates(name: string, { search, ndots }: ResolverConfig): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const dots = name.split('.').length - 1;
  const extended = search.filter((domain) => domain !== '.').map((domain) => `${name}.${domain.replace(/\.$/, '')}`);
  return dots >= ndots ? [name, ...extended] : [...extended, name];
}
