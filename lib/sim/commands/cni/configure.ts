import type { Ip } from '../../base/index.ts';
import { dumpAddrs, type NetNs, newAddr, newRoute, RTPROT, readSysctl, writeSysctl } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import { DEFAULT, showFields, showIpNet } from './address.ts';
import { CniError } from './error.ts';
import { errnoText, quote } from './go-text.ts';
import { changeOr, findLink } from './links.ts';
import { familyOf, type IpConfig, type Result } from './result.ts';

const SETTLE_LIMIT = 10_000_000;
const SETTLE_INTERVAL = 50_000;

/** Gives a device the addresses of a result, sets it up, and makes the result's routes. Throws CniError. */
export function* configureInterface(
  process: Process,
  ns: NetNs,
  ifName: string,
  result: Result,
): Generator<Wait, void, void> {
  if (result.interfaces.length === 0) throw new CniError('no interfaces to configure');
  const link = findLink(ns, ifName);
  const own = result.ips.filter((one) => one.interface !== undefined);
  const problems: string[] = [];
  for (const one of own) addAddress(ns, link.ifindex, ifName, result, one, problems);
  for (const problem of problems) yield* process.printError(problem);
  changeOr(`failed to set ${quote(ifName)} UP`, ns, link, { up: true });
  // A gateway that nobody named counts as an IPv6 one there, so that the plugin waits then too.
  const gateway6 = own.find(({ gateway }) => gateway?.family === 6)?.gateway;
  if (gateway6 !== undefined) yield* settleAddresses(process, ns, link.ifindex);
  const gateway4 = own.find(({ gateway }) => gateway?.family === 4)?.gateway;
  addRoutes(ns, link.ifindex, ifName, result, gateway4, gateway6);
}

function addAddress(
  ns: NetNs,
  ifindex: number,
  ifName: string,
  { interfaces }: Result,
  one: IpConfig,
  problems: string[],
): void {
  if (interfaces[one.interface as number]?.name !== ifName)
    throw new CniError(`failed to add IP addr ${showConfig(one)} to ${quote(ifName)}: invalid interface index`);
  if (familyOf(one.address) === 6) problems.push(...enableIpv6(ns, ifName));
  const refused = (why: Parameters<typeof errnoText>[0]): CniError =>
    new CniError(`failed to add IP addr ${showConfig(one)} to ${quote(ifName)}: ${errnoText(why)}`);
  // Without an address the request has empty attributes.
  if (one.address === undefined) throw refused('ERANGE');
  const { address: local, prefix } = one.address;
  const broadcast = local.family === 4 && prefix < 31 ? { broadcast: one.address.broadcast() } : {};
  const added = newAddr(ns, { ifindex, local, prefix, ...broadcast, scope: 0 }, { create: true, excl: true });
  if (!added.ok) throw refused(added.error.errno);
}

/** %v of an address: the real plugin prints where in its memory the interface's number stands. */
export const showConfig = ({ interface: index, address, gateway }: IpConfig): string =>
  `{Interface:${index === undefined ? '<nil>' : '0xc000014a18'} Address:${showFields(address)} Gateway:${gateway ?? '<nil>'}}`;

/** What could not be read is told on standard error, one line each. */
function enableIpv6(ns: NetNs, ifName: string): string[] {
  const problems: string[] = [];
  for (const device of ['lo', ifName]) {
    const path = `net/ipv6/conf/${device}/disable_ipv6`;
    const value = readSysctl(ns, path);
    if (!value.ok) {
      const why = `open /proc/sys/${path}: ${errnoText(value.error.errno)}`;
      problems.push(`ipam_linux: failed to read sysctl ${quote(path)}: ${why}\n`);
    } else if (value.value.trim() !== '0') writeSysctl(ns, path, '0');
  }
  return problems;
}

/** Until duplicate address detection is over, or 10 s have passed. */
function* settleAddresses(process: Process, ns: NetNs, ifindex: number): Generator<Wait, void, void> {
  const deadline = process.machine.events.now + SETTLE_LIMIT;
  for (;;) {
    const waiting = dumpAddrs(ns, { ifindex }).some(({ flags }) => flags.tentative || flags.dadFailed);
    if (!waiting || process.machine.events.now > deadline) return;
    yield* process.sleep(SETTLE_INTERVAL);
  }
}

function addRoutes(
  ns: NetNs,
  ifindex: number,
  ifName: string,
  { routes }: Result,
  gateway4: Ip | undefined,
  gateway6: Ip | undefined,
): void {
  for (const { dst, gw } of routes) {
    const gateway = gw ?? (familyOf(dst) === 4 ? gateway4 : gateway6);
    const what = `failed to add route '${showIpNet(dst)} via ${gateway ?? '<nil>'} dev ${ifName}'`;
    const family = dst?.address.family ?? gateway?.family;
    if (family === undefined) throw new CniError(`${what}: one of Dst.IP, Src, or Gw must not be nil`);
    const nexthop = { ifindex, ...(gateway === undefined ? {} : { gateway }) };
    const request = { family, dst: dst ?? DEFAULT[family], protocol: RTPROT.boot, scope: 0, nexthops: [nexthop] };
    const added = newRoute(ns, request, { create: true });
    if (!added.ok) throw new CniError(`${what}: ${errnoText(added.error.errno)}`);
  }
}
