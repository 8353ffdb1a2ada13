import { done, fail, type Mac, type Result } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import { callNotifiers } from '../notifier.ts';
import type { Bridge } from './bridge.ts';
import { handleFrame } from './input.ts';
import { BridgePort } from './port.ts';
import { checkPort, disablePort, selectCarrier } from './stp.ts';

const PORTS_LIMIT = 1023;
const MTU_DEFAULT = 1500;

/** `ip link set DEV master BRIDGE` (do_set_master and br_add_if); 0 takes the device out. */
export function setMaster(link: Link, master: Link | undefined): Result<void> {
  if (link.port !== undefined) {
    if (link.port.bridge.link === master) return done;
    removePort(link.port);
  }
  if (master === undefined) return done;
  if (master.bridge === undefined) return fail('EOPNOTSUPP');
  return addPort(master.bridge, link);
}

function addPort(bridge: Bridge, link: Link): Result<void> {
  if (link.isLoopback) return fail('EINVAL');
  if (link.bridge !== undefined) return fail('ELOOP', 'Can not enslave a bridge to a bridge');
  if (link.rxHandler !== undefined) return fail('EBUSY');
  const number = freeNumber(bridge);
  if (number === undefined) return fail('ENOSPC');
  const port = new BridgePort(bridge, link, number);
  link.port = port;
  link.rxHandler = (skb) => handleFrame(port, skb);
  link.promiscuity++;
  link.allmulti++;
  bridge.ports.unshift(port);
  bridge.fdb.addLocal(port, link.mac);
  recalculateMac(bridge);
  if (bridge.link.up) {
    checkPort(port);
    selectCarrier(bridge);
  }
  adjustMtu(bridge);
  callNotifiers(link, 'changeMaster');
  return done;
}

/** br_del_if() */
export function removePort(port: BridgePort): void {
  const { bridge, link } = port;
  disablePort(port);
  bridge.fdb.flushPort(port, true);
  bridge.ports.splice(bridge.ports.indexOf(port), 1);
  link.port = undefined;
  link.rxHandler = undefined;
  link.promiscuity--;
  link.allmulti--;
  recalculateMac(bridge);
  adjustMtu(bridge);
  if (bridge.link.up) selectCarrier(bridge);
  callNotifiers(link, 'changeMaster');
}

function freeNumber(bridge: Bridge): number | undefined {
  for (let n = 1; n <= PORTS_LIMIT; n++) if (!bridge.ports.some((port) => port.number === n)) return n;
  return undefined;
}

/** br_stp_recalculate_bridge_id(): the lowest MAC address of its ports, unless a user chose one. */
export function recalculateMac(bridge: Bridge): void {
  if (bridge.link.addrAssignType === 3) return;
  const lowest = bridge.ports.reduce<number>((min, port) => Math.min(min, port.link.mac), Number.POSITIVE_INFINITY);
  setBridgeMac(bridge, (lowest === Number.POSITIVE_INFINITY ? 0 : lowest) as Mac);
}

/** br_stp_change_bridge_id() */
export function setBridgeMac(bridge: Bridge, mac: Mac): void {
  if (bridge.idMac === mac && bridge.link.mac === mac) return;
  const old = bridge.link.mac;
  bridge.link.mac = mac;
  bridge.idMac = mac;
  bridge.fdb.deleteLocal(undefined, old);
  bridge.fdb.addLocal(undefined, mac);
  // With a new bridge id the states of all ports are chosen anew: a bridge whose first port comes while it is down has no
  // carrier until it is up.
  bridge.tree?.reconsider();
  selectCarrier(bridge);
  callNotifiers(bridge.link, 'changeMac');
}

/** br_mtu_auto_adjust(): the smallest MTU of its ports, unless a user chose one. */
export function adjustMtu(bridge: Bridge): void {
  if (bridge.mtuSetByUser) return;
  const mtu = bridge.ports.length === 0 ? MTU_DEFAULT : Math.min(...bridge.ports.map((port) => port.link.mtu));
  if (mtu === bridge.link.mtu) return;
  bridge.link.mtu = mtu;
  callNotifiers(bridge.link, 'changeMtu');
}
