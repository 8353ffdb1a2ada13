import { fail, ok, type Result } from '../../base/index.ts';
import type { Sched } from './device.ts';
import { Fifo } from './fifo.ts';
import { Htb } from './htb.ts';
import type { QdiscOptions } from './messages.ts';
import { Netem } from './netem.ts';
import type { Qdisc } from './qdisc.ts';
import { Tbf } from './tbf.ts';

/** qdisc_create() of one that queues. */
export function makeQdisc(sched: Sched, handle: number, parent: number, options: QdiscOptions): Result<Qdisc> {
  switch (options.kind) {
    case 'pfifo':
    case 'bfifo':
      return ok(new Fifo(sched, handle, parent, options.kind, options.limit));
    case 'pfifo_fast':
      return ok(new Fifo(sched, handle, parent, 'pfifo_fast'));
    case 'tbf':
      return ok(new Tbf(sched, handle, parent, options));
    case 'netem':
      return ok(new Netem(sched, handle, parent, options));
    case 'htb':
      return ok(new Htb(sched, handle, parent, options));
    default:
      return fail('EINVAL');
  }
}
