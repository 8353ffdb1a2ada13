import { setForwarding4, setForwarding6 } from '../addr/forwarding.ts';
import { setDisableIpv6 } from '../addr/in6-device.ts';
import type { NetNs } from '../netns.ts';
import type { CONF4_KEYS, CONF6_KEYS } from './conf-keys.ts';

type Value = number | readonly number[] | string;

/** What happens beside when a sysctl is written. */
export function afterWrite(ns: NetNs, directory: string, key: string, before: Value | undefined, value: Value): void {
  if (directory === 'net/core' && key === 'netdev_max_backlog') ns.kernel.backlog.limit = Number(value);
  const conf = /^net\/(ipv4|ipv6)\/conf\/(.*)$/.exec(directory);
  if (conf !== null) afterConf(ns, conf[1] as 'ipv4' | 'ipv6', conf[2] as string, key, before, Number(value));
  else if (directory === 'net/ipv4' && key === 'ip_forward' && before !== value) setForwarding4(ns, Number(value));
}

function afterConf(
  ns: NetNs,
  family: 'ipv4' | 'ipv6',
  device: string,
  key: string,
  before: Value | undefined,
  value: number,
): void {
  if (family === 'ipv4') {
    if (key === 'forwarding' && device === 'all' && before !== value) setForwarding4(ns, value);
    if (device === 'default' && key !== 'forwarding') copyDefault4(ns, key as keyof typeof CONF4_KEYS, value);
    else if (device !== 'default') ns.linkByName(device)?.inet.chosen.add(key);
    return;
  }
  if (key === 'forwarding' && device === 'all' && before !== value) setForwarding6(ns, value);
  if (key === 'disable_ipv6') setDisableIpv6(ns, device, value);
  if (device !== 'all' && device !== 'default')
    ns.linkByName(device)?.inet6?.chosen.add(key as keyof typeof CONF6_KEYS);
}

/** devinet_copy_dflt_conf(): a new default reaches the devices whose own value nobody chose. */
function copyDefault4(ns: NetNs, key: keyof typeof CONF4_KEYS, value: number): void {
  for (const link of ns.links()) if (!link.inet.chosen.has(key)) link.inet.conf[key] = value;
}
