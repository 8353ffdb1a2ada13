import type { Session } from '../iproute2/session.ts';
import { Refusal, type Words } from '../iproute2/words.ts';

const USAGE = `Usage:	ip tcp_metrics/tcpmetrics { COMMAND | help }
	ip tcp_metrics { show | flush } SELECTOR
	ip tcp_metrics delete [ address ] ADDRESS
SELECTOR := [ [ address ] PREFIX ]
`;

/** `ip tcp_metrics …` (tcp_metrics.c). This TCP remembers nothing of peers once their connections are gone: the cache is empty. */
export function tcpMetrics(session: Session, words: Words): number {
  if (!words.more) return nothing(session);
  const verb = words.word;
  const [, address] = words.rest;
  if (words.abbreviates('delete') || (words.abbreviates('list', 'show', 'lst') && address !== undefined))
    throw new Refusal('RTNETLINK answers: No such process\n', 2);
  if (words.abbreviates('list', 'show', 'lst', 'flush')) return nothing(session);
  if (words.abbreviates('help')) throw new Refusal(USAGE, 255);
  throw new Refusal(`Command "${verb}" is unknown, try "ip tcp_metrics help".\n`, 255);
}

function nothing(session: Session): number {
  session.out.begin();
  return 0;
}
