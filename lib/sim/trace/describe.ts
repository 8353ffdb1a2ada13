import { formatMac } from '../base/index.ts';
import { describePayload } from '../wire/index.ts';
import { DROP_REASONS } from './drop-reason.ts';
import type { RouteDecision, TraceEvent } from './events.ts';

/** One line for people: what happened, without the time and place. */
export function describeEvent(event: TraceEvent): string {
  switch (event.type) {
    case 'tx':
      return `${event.dev} sends ${describePayload(event.packet.payload)}`;
    case 'rx':
      return `${event.dev} receives ${describePayload(event.packet.payload)}`;
    case 'bridge':
      return `${event.bridge}: from ${event.from} to ${event.to.join(', ') || 'nobody'} (${event.why})`;
    case 'fdb':
      return `${event.bridge}: ${formatMac(event.mac)} ${event.change} on ${event.dev}`;
    case 'neigh-lookup':
      return `neighbour ${event.address} on ${event.dev} is ${event.state}: ${event.outcome}`;
    case 'neigh-state':
      return `neighbour ${event.address} on ${event.dev}: ${event.from} to ${event.to}`;
    case 'route':
      return describeRoute(event.decision);
    case 'hook':
      return `hook ${event.hook}: ${event.verdict}`;
    case 'rule':
      return `rule ${event.number} of ${event.table} ${event.chain} matches: ${event.action || 'counts'}`;
    case 'policy':
      return `no rule of ${event.table} ${event.chain} decides: policy ${event.policy}`;
    case 'forward':
      return `forwarded from ${event.from} to ${event.to}`;
    case 'local':
      return `delivered to this host from ${event.dev}`;
    case 'socket':
      return `received by ${event.socket}`;
    case 'drop':
      return `dropped: ${DROP_REASONS[event.reason]}`;
  }
}

function describeRoute(d: RouteDecision): string {
  if (d.outcome === 'none') return `no route to ${d.dst}`;
  const how = `${d.prefix} in table ${d.table} (rule ${d.rule})`;
  if (d.outcome !== 'unicast') return `route to ${d.dst}: ${d.outcome} by ${how}`;
  return `route to ${d.dst}: ${d.gateway === undefined ? '' : `via ${d.gateway} `}dev ${d.dev} by ${how}`;
}
