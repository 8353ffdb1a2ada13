/** The reference plugins of containernetworking-plugins 1.1.1, in one piece: who uses one soon uses others. */
export { bandwidth } from './bandwidth/bandwidth.ts';
export { bridge } from './bridge/bridge.ts';
export { firewall } from './firewall/firewall.ts';
export { hostDevice } from './host-device.ts';
export { hostLocal } from './host-local/host-local.ts';
export { ipvlan } from './ipvlan.ts';
export { loopback } from './loopback.ts';
export { macvlan } from './macvlan.ts';
export { portmap } from './portmap/portmap.ts';
export { ptp } from './ptp.ts';
export { dhcp, sbr, vrf } from './refused.ts';
export { static_ } from './static.ts';
export { tuning } from './tuning.ts';
export { vlan } from './vlan.ts';
