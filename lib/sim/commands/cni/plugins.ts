/** The reference plugins of containernetworking-plugins 1.1.1, in one piece: who uses one soon uses others. */
export { bridge } from './bridge/bridge.ts';
export { hostLocal } from './host-local/host-local.ts';
export { loopback } from './loopback.ts';
export { ptp } from './ptp.ts';
export { static_ } from './static.ts';
