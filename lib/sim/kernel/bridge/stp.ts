import { notifyLink } from '../link/dump.ts';
import { setCarrier } from '../link/operstate.ts';
import type { Bridge } from './bridge.ts';
import type { BridgePort } from './port.ts';

/**
 * Port states. With the spanning tree protocol off, a port that carries forwards at once. With it on, a port goes through
 * listening and learning, each for the forward delay; who is root and which ports are blocked is for the protocol itself to
 * say (bridge/tree.ts), once its module is there.
 */
export function enablePort(port: BridgePort): void {
  if (port.state !== 'disabled') return;
  const { tree } = port.bridge;
  if (tree === undefined) makeForwarding(port);
  else tree.enable(port);
  selectCarrier(port.bridge);
}

/** br_stp_disable_port(): what was learnt there is forgotten. */
export function disablePort(port: BridgePort): void {
  if (port.state === 'disabled') return;
  const { tree } = port.bridge;
  if (tree === undefined) setState(port, 'disabled');
  else tree.disable(port);
  port.bridge.fdb.flushPort(port, false);
  selectCarrier(port.bridge);
}

/** br_port_carrier_check(): a port's state follows whether its device can carry. */
export function checkPort(port: BridgePort): void {
  if (!port.bridge.link.up) return;
  const { link } = port;
  const able = link.up && link.carrier && (link.operstate === 'UP' || link.operstate === 'UNKNOWN');
  if (able) enablePort(port);
  else disablePort(port);
}

/** The end of br_port_state_selection(): a bridge carries when one of its ports does. */
export function selectCarrier(bridge: Bridge): void {
  setCarrier(
    bridge.link,
    bridge.ports.some((port) => port.state !== 'disabled'),
  );
}

/** br_stp_set_enabled(): ports that forward go on forwarding; without the protocol none waits any longer, but what is blocked stays so. */
export function setStp(bridge: Bridge, on: boolean): void {
  if (bridge.stp === on) return;
  bridge.stp = on;
  bridge.tree?.stop();
  bridge.tree = on ? bridge.link.ns.kernel.spanningTree?.(bridge) : undefined;
  if (bridge.link.up) bridge.tree?.start();
  if (on) return;
  for (const port of bridge.ports)
    if (port.state === 'listening' || port.state === 'learning') setState(port, 'forwarding');
}

/**
 * br_set_port_state(): a user's word, which the kernel takes back at once where its own rules say otherwise: a port that
 * carries is enabled again, and without the protocol nothing stays blocked.
 */
export function forceState(port: BridgePort, state: BridgePort['state']): void {
  setState(port, state);
  if (state === 'disabled') checkPort(port);
  else if (state === 'blocking') makeForwarding(port);
  selectCarrier(port.bridge);
}

function makeForwarding(port: BridgePort): void {
  if (!port.bridge.stp || port.bridge.forwardDelay === 0) {
    setState(port, 'forwarding');
    return;
  }
  setState(port, 'listening');
  startTimer(port);
}

function startTimer(port: BridgePort): void {
  const { events } = port.link.ns.kernel;
  port.forwardDelay = events.after(port.bridge.forwardDelay * 10_000, () => {
    port.forwardDelay = undefined;
    if (port.state === 'listening') {
      setState(port, 'learning');
      startTimer(port);
    } else if (port.state === 'learning') {
      setState(port, 'forwarding');
    }
  });
}

/** br_set_state() */
export function setState(port: BridgePort, state: BridgePort['state']): void {
  if (state === 'disabled' || !port.bridge.stp) {
    port.forwardDelay?.cancel();
    port.forwardDelay = undefined;
  }
  if (port.state === state) return;
  port.state = state;
  notifyLink(port.link, 'newlink');
}
