import { Cidr } from '../../base/index.ts';
import { dumpAddrs, IFF, type NetNs } from '../../kernel/index.ts';
import { load, netConf } from './config.ts';
import { CniError } from './error.ts';
import { quote } from './go-text.ts';
import { struct } from './json/decode.ts';
import { change, linkByName } from './links.ts';
import { leftNamespace, openNamespace } from './namespace.ts';
import { cniPlugin } from './plugin.ts';
import { type IpConfig, ipConfig, newResult, printResult } from './result.ts';
import { readPrevious } from './verify.ts';

const configuration = struct('NetConf', netConf, 'types.NetConf');

/** Sets `lo` up; its name does not depend on CNI_IFNAME. */
export const loopback = cniPlugin({
  name: 'loopback',
  summary: 'CNI plugin: sets the loopback device of a container up',
  keys: [],
  add(call) {
    const conf = load(configuration, call.input, 'failed to parse network config');
    const previous = readPrevious(conf, 'failed to parse prevResult');
    const ns = openNamespace(call);
    change(ns, linkByName(ns, 'lo'), { up: true });
    const ips = loopbackAddresses(ns);
    const lo = { name: 'lo', mac: '00:00:00:00:00:00', sandbox: call.netns };
    const result = previous?.given ?? newResult({ cniVersion: conf.cniVersion, interfaces: [lo], ips });
    return printResult(result, conf.cniVersion);
  },
  check(call) {
    const ns = openNamespace(call);
    if ((linkByName(ns, 'lo').flags & IFF.UP) === 0) throw new CniError('loopback interface is down');
    return undefined;
  },
  del(call) {
    if (call.netns === '') return undefined;
    const ns = leftNamespace(call);
    if (ns !== undefined) change(ns, linkByName(ns, 'lo'), { up: false });
    return undefined;
  },
});

/** The first of each family; others than loopback addresses are refused. */
function loopbackAddresses(ns: NetNs): IpConfig[] {
  const { ifindex } = linkByName(ns, 'lo');
  const addrs = dumpAddrs(ns, { ifindex });
  const other = addrs.find(({ local }) => !local.isLoopback);
  if (other !== undefined)
    throw new CniError(`loopback interface found with non-loopback address ${quote(`${other.local}`)}`);
  const firsts = ([4, 6] as const).map((family) => addrs.find((addr) => addr.family === family));
  return firsts.flatMap((addr) =>
    addr === undefined ? [] : [ipConfig(new Cidr(addr.local, addr.prefix), undefined, 0)],
  );
}
