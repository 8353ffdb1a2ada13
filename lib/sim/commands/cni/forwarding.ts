import { type NetNs, readSysctl, writeSysctl } from '../../kernel/index.ts';
import { CniError } from './error.ts';
import { pathError } from './go-text.ts';

const SYSCTL = { 4: 'net/ipv4/ip_forward', 6: 'net/ipv6/conf/all/forwarding' };

/** Makes the machine a router. Throws CniError. */
export function enableForwarding(ns: NetNs, families: readonly (4 | 6)[]): void {
  for (const family of new Set(families)) {
    const path = SYSCTL[family];
    const now = readSysctl(ns, path);
    if (now.ok && now.value.trim() === '1') continue;
    const set = writeSysctl(ns, path, '1');
    if (!set.ok) throw new CniError(pathError('open', `/proc/sys/${path}`, set.error.errno));
  }
}
