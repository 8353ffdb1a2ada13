import { fail, type Ip, ok, type Result } from '../../base/index.ts';
import type { VxlanRequest } from '../link/data.ts';
import type { Link } from '../link/link.ts';
import type { LinkMessage } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import { familyOf, type Vxlan, type VxlanConfig, vxlanOf, vxlansOf } from './vxlan.ts';

/** What the kernel uses when nobody says (an early draft's port, not IANA's 4789). */
const DEFAULT_PORT = 8472;
const DEFAULT_AGEING = 300;

const DEFAULTS: VxlanConfig = {
  id: 0,
  remote: undefined,
  local: undefined,
  dev: undefined,
  portLow: 0,
  portHigh: 0,
  dstPort: DEFAULT_PORT,
  learning: true,
  proxy: false,
  rsc: false,
  l2miss: false,
  l3miss: false,
  tos: 0,
  ttl: 0,
  df: 'unset',
  flowLabel: 0,
  ageing: DEFAULT_AGEING,
  limit: 0,
  udpCsum: true,
  zeroCsum6Tx: false,
  zeroCsum6Rx: false,
  external: false,
};

/** vxlan_nl2conf() and vxlan_config_validate(): `old` is the device that is changed, undefined for a new one. */
export function configure(request: VxlanRequest, underlay: NetNs, old: Vxlan | undefined): Result<VxlanConfig> {
  if (old === undefined && request.id === undefined)
    return fail('EINVAL', 'Required attributes not provided to perform the operation');
  if (request.portHigh !== undefined && request.portHigh < (request.portLow ?? 0))
    return fail('EINVAL', 'Invalid source port range');
  const fixed = old === undefined ? undefined : refuseChange(request, old.config);
  if (fixed !== undefined) return fixed;
  const { kind: _, link, ...wanted } = request;
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const dev = link === undefined ? old?.config.dev : underlay.linkByIndex(link);
  const config: VxlanConfig = { ...(old?.config ?? DEFAULTS), ...given, dev };
  // What never ages is born with the usual age.
  const aged = old === undefined && config.ageing === 0 ? { ...config, ageing: DEFAULT_AGEING } : config;
  if (link !== undefined && dev === undefined)
    return fail('ENODEV', 'Specified interface for tunnel endpoint communications not found');
  return validate(aged, underlay, old);
}

/** What a device is born with stays. */
function refuseChange(request: VxlanRequest, config: VxlanConfig): Result<never> | undefined {
  if (request.id !== undefined && request.id !== config.id) return fail('EOPNOTSUPP', 'Cannot change VNI');
  if (request.portLow !== undefined || request.portHigh !== undefined)
    return fail('EOPNOTSUPP', 'Cannot change port range');
  if (request.dstPort !== undefined) return fail('EOPNOTSUPP', 'Cannot change port');
  return undefined;
}

function validate(config: VxlanConfig, underlay: NetNs, old: Vxlan | undefined): Result<VxlanConfig> {
  const { remote, local } = config;
  if (remote !== undefined && local !== undefined && remote.family !== local.family)
    return fail('EINVAL', 'Local and remote address must be from the same family');
  if (local?.isMulticast === true) return fail('EINVAL', 'Local interface cannot be multicast');
  if (remote?.isMulticast === true && config.dev === undefined)
    return fail('EINVAL', 'Local interface required for multicast remote destination');
  if (config.flowLabel !== 0 && familyOf(config) === 4)
    return fail('EINVAL', 'Label attribute only applies to IPv6 VXLAN devices');
  for (const other of vxlansOf(underlay)) {
    const clash = other.config.id === config.id && other.config.dstPort === config.dstPort;
    if (other !== old && clash && other.family === familyOf(config))
      return fail('EEXIST', 'A VXLAN device with the specified VNI already exists');
  }
  return ok(config);
}

/** IFLA_INFO_DATA */
export function describe(link: Link): LinkMessage['data'] {
  const { dev, ...config } = vxlanOf(link).config;
  const visible = (address: Ip | undefined): Ip | undefined => (address?.isUnspecified === true ? undefined : address);
  return {
    kind: 'vxlan',
    ...config,
    remote: visible(config.remote),
    local: visible(config.local),
    link: dev?.ifindex,
  };
}
