import { ICMP } from '../../wire/index.ts';
import type { Notifier } from '../notifier.ts';
import { sendIcmpError } from './icmp.ts';

/** A host that waited in vain for fragments says so to their sender (RFC 792). */
export const timeExceeded: Notifier = {
  netnsInit(ns) {
    ns.reassembly.onTimeout = (first) => sendIcmpError(first, { type: ICMP.timeExceeded, code: 1 });
  },
};
