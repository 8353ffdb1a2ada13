/**
 * What happens to packets, told in typed events: devices, bridges, neighbours, routes, hooks, sockets, drops with their
 * reasons. Pictures, checks and the `why` answer read them; the rolling hash over all of them is a run's fingerprint.
 *
 * It only listens: nothing in the simulator decides by what is in a trace.
 */
export { describeEvent } from './describe.ts';
export { DROP_REASONS, type DropReason, dropCode } from './drop-reason.ts';
export { EVENT_CODE, type PacketRef, type Place, type RouteDecision, type TraceEvent } from './events.ts';
export { RollingHash } from './hash.ts';
export { Trace } from './trace.ts';
