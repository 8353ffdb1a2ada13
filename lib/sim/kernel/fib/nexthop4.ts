import { fail, Ip, ok, type Result } from '../../base/index.ts';
import { RT_TABLE, SCOPE } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { NexthopSpec } from '../requests.ts';
import { addressType, fibLookup4 } from './lookup4.ts';
import type { Nexthop } from './route.ts';
import type { Flow4 } from './table4.ts';

/** fib_check_nh(): the device that a nexthop leads to, and whether it may. */
export function checkNexthop(ns: NetNs, spec: NexthopSpec, table: number, scope: number): Result<Nexthop> {
  return spec.gateway === undefined || spec.gateway === Ip.any4
    ? onDevice(ns, spec)
    : viaGateway(ns, spec, table, scope);
}

function onDevice(ns: NetNs, spec: NexthopSpec): Result<Nexthop> {
  if (spec.onlink === true) return fail('EINVAL', 'Invalid flags for nexthop - PERVASIVE and ONLINK can not be set');
  const link = ns.linkByIndex(spec.ifindex ?? 0);
  if (link === undefined) return fail('ENODEV');
  if (!link.up) return fail('ENETDOWN', 'Device for nexthop is not up');
  return ok({ link, gateway: undefined, weight: spec.weight ?? 1, onlink: false, scope: SCOPE.host, dead: false });
}

function viaGateway(ns: NetNs, spec: NexthopSpec, table: number, scope: number): Result<Nexthop> {
  const gateway = spec.gateway as NonNullable<NexthopSpec['gateway']>;
  if (spec.onlink === true) {
    if (scope >= SCOPE.link) return fail('EINVAL', 'Nexthop has invalid scope');
    const link = ns.linkByIndex(spec.ifindex ?? 0);
    if (link === undefined) return fail('ENODEV', 'Nexthop device required for onlink');
    if (!link.up) return fail('ENETDOWN', 'Nexthop device is not up');
    if (addressType(ns, gateway) !== 'unicast') return fail('EINVAL', 'Nexthop has invalid gateway');
    return ok({ link, gateway, weight: spec.weight ?? 1, onlink: true, scope: SCOPE.link, dead: false });
  }
  const flow: Flow4 = {
    dst: gateway.v4,
    src: 0,
    oif: spec.ifindex ?? 0,
    iif: 1,
    tos: 0,
    mark: 0,
    scope: Math.max(scope + 1, SCOPE.link),
    ignoreLinkState: true,
  };
  const own = table === RT_TABLE.main ? undefined : ns.fib4.table(table)?.lookup(flow);
  const found =
    own?.nexthop === undefined ? fibLookup4(ns, flow) : { ok: true as const, route: own.route, nexthop: own.nexthop };
  if (!found.ok) return fail(found.errno, 'Nexthop has invalid gateway');
  if (found.route.type !== 'unicast' && found.route.type !== 'local')
    return fail('EINVAL', 'Nexthop has invalid gateway');
  const { link } = found.nexthop;
  if (!link.up) return fail('ENETDOWN');
  return ok({ link, gateway, weight: spec.weight ?? 1, onlink: false, scope: found.route.scope, dead: false });
}
