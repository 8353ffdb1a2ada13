/**
 * Traffic control as a kernel module: queueing disciplines in place of a device's own (tbf, htb, netem, fifos), the
 * ingress and clsact hooks with u32 and matchall filters, mirred and generic actions, and ifb, the device by which what
 * comes in can be shaped too.
 *
 * Time is virtual: a packet that waits is an event to come. Not here: fair queueing (fq_codel, sfq, cake), policing,
 * eBPF classifiers.
 */
import type { KernelModule } from '../module.ts';
import { ifb } from './ifb.ts';

export * from './messages.ts';
export {
  delClass,
  delFilter,
  delQdisc,
  dumpClasses,
  dumpFilters,
  dumpQdiscs,
  newClass,
  newFilter,
  newQdisc,
} from './rtnl.ts';

export const schedModule: KernelModule = { name: 'sched', linkKinds: [ifb] };
