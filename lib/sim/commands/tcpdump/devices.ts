import { dumpLinks, getLink, IFF, type LinkMessage, type NetNs } from '../../kernel/index.ts';
import { failure } from './options.ts';

/** The pseudo device of all interfaces has index 0. */
export type CaptureDevice = { readonly name: string; readonly ifindex: number; readonly link: LinkMessage | undefined };

/** pcap_findalldevs(3PCAP): first what is up and no loopback, then `any`, then loopback, then what is down. */
export function captureDevices(ns: NetNs): CaptureDevice[] {
  const links = dumpLinks(ns).map((link): CaptureDevice => ({ name: link.name, ifindex: link.ifindex, link }));
  const isUp = ({ link }: CaptureDevice): boolean => link !== undefined && (link.flags & IFF.UP) !== 0;
  const isRunning = ({ link }: CaptureDevice): boolean => link !== undefined && (link.flags & IFF.RUNNING) !== 0;
  const isLoopback = ({ link }: CaptureDevice): boolean => link !== undefined && (link.flags & IFF.LOOPBACK) !== 0;
  const merit = (device: CaptureDevice): number =>
    (isRunning(device) ? 0 : 1) + (isUp(device) ? 0 : 2) + (isLoopback(device) ? 0.6 : 0);
  const any: CaptureDevice = { name: 'any', ifindex: 0, link: undefined };
  const ordered = [...links].sort((a, b) => merit(a) - merit(b));
  const at = ordered.findIndex((device) => merit(device) >= 0.5);
  ordered.splice(at < 0 ? ordered.length : at, 0, any);
  return ordered;
}

/** `-D` */
export function describeDevices(ns: NetNs): string {
  return captureDevices(ns)
    .map(({ name, link }, i) => {
      if (link === undefined) return `${i + 1}.any (Pseudo-device that captures on all interfaces) [Up, Running]\n`;
      const states = [
        (link.flags & IFF.UP) !== 0 ? 'Up' : '',
        (link.flags & IFF.RUNNING) !== 0 ? 'Running' : '',
        (link.flags & IFF.LOOPBACK) !== 0 ? 'Loopback' : link.carrier ? 'Connected' : 'Disconnected',
      ].filter((state) => state !== '');
      return `${i + 1}.${name} [${states.join(', ')}]\n`;
    })
    .join('');
}

/** The device of `-i`, by name or by its number in `-D`; without -i the first of that list. */
export function findDevice(ns: NetNs, wanted: string | undefined): CaptureDevice {
  const devices = captureDevices(ns);
  if (wanted === undefined) return devices[0] as CaptureDevice;
  if (wanted === 'any') return { name: 'any', ifindex: 0, link: undefined };
  const link = getLink(ns, wanted);
  if (link !== undefined) return { name: wanted, ifindex: link.ifindex, link };
  if (/^\d+$/.test(wanted)) {
    const numbered = devices[Number(wanted) - 1];
    if (numbered === undefined) throw failure('Invalid adapter index');
    return numbered;
  }
  throw failure(`${wanted}: No such device exists\n(No such device exists)`);
}
