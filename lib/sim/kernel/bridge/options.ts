import { done, fail, type Result } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import type { BridgePortFlags } from '../messages.ts';
import type { BridgeOptions, BridgePortOptions } from '../requests.ts';
import { forceState, setStp } from './stp.ts';

/** br_changelink(). Times are checked as the kernel does: 1/100 s in user space, bounds of IEEE 802.1D. */
export function applyBridgeOptions(link: Link, options: BridgeOptions): Result<void> {
  const { bridge } = link;
  if (bridge === undefined) return fail('EOPNOTSUPP');
  if (options.forwardDelay !== undefined) {
    if (bridge.stp && (options.forwardDelay < 200 || options.forwardDelay > 3000)) return fail('ERANGE');
    bridge.forwardDelay = inJiffies(options.forwardDelay);
  }
  if (options.helloTime !== undefined) {
    if (options.helloTime < 100 || options.helloTime > 1000) return fail('ERANGE');
    bridge.helloTime = inJiffies(options.helloTime);
  }
  if (options.maxAge !== undefined) {
    if (options.maxAge < 600 || options.maxAge > 4000) return fail('ERANGE');
    bridge.maxAge = inJiffies(options.maxAge);
  }
  if (options.ageingTime !== undefined) bridge.ageingTime = inJiffies(options.ageingTime);
  if (options.stpState !== undefined) setStp(bridge, options.stpState === 1);
  if (options.priority !== undefined) {
    bridge.priority = options.priority & 0xffff;
    bridge.tree?.reconsider();
  }
  if (options.groupFwdMask !== undefined) {
    if ((options.groupFwdMask & 0b111) !== 0) return fail('EINVAL');
    bridge.groupFwdMask = options.groupFwdMask;
  }
  if (options.mcastSnooping !== undefined) bridge.mcastSnooping = options.mcastSnooping === 1;
  if (options.fdbFlush === true) bridge.fdb.flush();
  return done;
}

/** The kernel keeps times in jiffies, 250 a second (clock_t_to_jiffies and back): a hundredth that is none is lost. */
const inJiffies = (hundredths: number): number => Math.floor(Math.floor(hundredths * 2.5) / 2.5);

/** br_setport() */
export function applyPortOptions(link: Link, options: BridgePortOptions): Result<void> {
  const { port } = link;
  if (port === undefined) return fail('EOPNOTSUPP');
  const { state, cost, priority, fdbFlush, ...flags } = options;
  if (cost !== undefined) {
    if (cost < 1 || cost > 65535) return fail('ERANGE');
    port.cost = cost;
  }
  if (priority !== undefined) {
    if (priority > 63) return fail('ERANGE');
    port.priority = priority;
  }
  if (cost !== undefined || priority !== undefined) port.bridge.tree?.reconsider();
  if (state !== undefined) {
    if (port.bridge.stp) return fail('EBUSY');
    if (!link.up || (!link.carrier && state !== 'disabled')) return fail('ENETDOWN');
    forceState(port, state);
  }
  for (const [name, value] of Object.entries(flags))
    if (value !== undefined) port.flags[name as keyof BridgePortFlags] = value;
  if (fdbFlush === true) port.bridge.fdb.flushPort(port, false);
  return done;
}
