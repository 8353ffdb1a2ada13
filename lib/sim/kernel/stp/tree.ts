import { type Mac, type Micros, SECOND, type Timer } from '../../base/index.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { BridgePort } from '../bridge/port.ts';
import { selectCarrier, setState } from '../bridge/stp.ts';
import type { SpanningTree } from '../bridge/tree.ts';
import { transmit } from '../link/transmit.ts';
import { newSkb, type Skb } from '../skb.ts';
import { type BridgeId, type ConfigBpdu, compareIds, emitChange, emitConfig, parseBpdu, sameId } from './bpdu.ts';
import { cancelTimers, portId, type TreePort } from './port.ts';

const GROUP = 0x0180_c200_0000 as Mac;
/** Between two messages from one port (BR_HOLD_TIME). */
const HOLD: Micros = SECOND;
/** What passing on adds to a message's age: the least that the wire can say, in 1/100 s. */
const AGE_STEP = 100 / 256;
const hundredths = (n: number): Micros => n * 10_000;

/**
 * The spanning tree protocol of IEEE 802.1D as Linux' bridges speak it (net/bridge/br_stp.c). Every bridge starts as root;
 * who hears of a better root says so on. Of several ways to the root all but one are blocked.
 *
 *   disabled ─▶ blocking ─▶ listening ─forward delay─▶ learning ─forward delay─▶ forwarding
 */
export class Tree implements SpanningTree {
  readonly #bridge: Bridge;
  readonly #ports = new Map<BridgePort, TreePort>();
  #root: BridgeId;
  #cost = 0;
  #rootPort: TreePort | undefined;
  /** The bridge's id as it was when the ports were last told. */
  #lastId: BridgeId;
  #maxAge: number;
  #helloTime: number;
  #forwardDelay: number;
  #change = false;
  #changeDetected = false;
  #hello: Timer | undefined;
  #tcn: Timer | undefined;
  #changeTimer: Timer | undefined;
  /** Learnt addresses age faster while the tree changes: the usual time is kept here. */
  #ageing: number | undefined;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    this.#root = this.#id;
    this.#lastId = this.#id;
    this.#maxAge = bridge.maxAge;
    this.#helloTime = bridge.helloTime;
    this.#forwardDelay = bridge.forwardDelay;
    for (const port of bridge.ports) this.#adopt(port);
  }

  get #id(): BridgeId {
    return { priority: this.#bridge.priority, mac: this.#bridge.idMac };
  }

  get #isRoot(): boolean {
    return sameId(this.#id, this.#root);
  }

  get #active(): TreePort[] {
    return [...this.#ports.values()].filter((one) => one.port.state !== 'disabled');
  }

  start = (): void => {
    this.#generate();
    this.#sayHello();
  };

  stop = (): void => {
    for (const timer of [this.#hello, this.#tcn, this.#changeTimer]) timer?.cancel();
    this.#setChange(false);
    for (const one of this.#ports.values()) cancelTimers(one);
  };

  enable = (port: BridgePort): void => {
    const one = this.#adopt(port);
    this.#becomeDesignated(one);
    setState(port, 'blocking');
    this.#selectStates();
  };

  disable = (port: BridgePort): void => {
    const one = this.#ports.get(port);
    if (one === undefined) return;
    const wasRoot = this.#isRoot;
    cancelTimers(one);
    setState(port, 'disabled');
    this.#becomeDesignated(one);
    if (!this.#bridge.ports.includes(port)) this.#ports.delete(port);
    this.#update(wasRoot);
  };

  reconsider = (): void => {
    const wasRoot = sameId(this.#lastId, this.#root);
    for (const one of this.#ports.values()) {
      if (sameId(one.root, this.#lastId)) one.root = this.#id;
      if (!sameId(one.bridge, this.#lastId)) continue;
      one.bridge = this.#id;
      if (one.messageAge === undefined) one.designated = portId(one.port);
    }
    this.#lastId = this.#id;
    this.#update(wasRoot);
  };

  #adopt(port: BridgePort): TreePort {
    const known = this.#ports.get(port);
    if (known !== undefined) return known;
    const made: TreePort = {
      port,
      root: this.#root,
      cost: this.#cost,
      bridge: this.#id,
      designated: portId(port),
      changeAck: false,
      configPending: false,
      messageAge: undefined,
      forwardDelay: undefined,
      hold: undefined,
    };
    this.#ports.set(port, made);
    return made;
  }

  #after(delay: Micros, run: () => void): Timer {
    return this.#bridge.link.ns.kernel.events.after(delay, run);
  }

  #sayHello(): void {
    this.#hello?.cancel();
    this.#hello = this.#after(hundredths(this.#bridge.helloTime), () => {
      if (!this.#bridge.link.up || !this.#bridge.stp) return;
      if (this.#isRoot) this.#generate();
      this.#sayHello();
    });
  }

  // What this bridge says

  #isOwn = (one: TreePort): boolean => sameId(one.bridge, this.#id) && one.designated === portId(one.port);

  #becomeDesignated(one: TreePort): void {
    one.root = this.#root;
    one.cost = this.#cost;
    one.bridge = this.#id;
    one.designated = portId(one.port);
  }

  /** br_config_bpdu_generation() */
  #generate(): void {
    for (const one of this.#active) if (this.#isOwn(one)) this.#sendConfig(one);
  }

  #sendConfig(one: TreePort): void {
    if (one.hold !== undefined) {
      one.configPending = true;
      return;
    }
    const { now } = this.#bridge.link.ns.kernel.events;
    const left = this.#rootPort?.messageAge === undefined ? 0 : (this.#rootPort.messageAge.at - now) / 10_000;
    const messageAge = this.#rootPort === undefined ? 0 : this.#maxAge - left + AGE_STEP;
    if (messageAge >= this.#maxAge) return;
    const bpdu: ConfigBpdu = {
      topologyChange: this.#change,
      topologyChangeAck: one.changeAck,
      root: this.#root,
      cost: this.#cost,
      bridge: this.#id,
      port: portId(one.port),
      messageAge,
      maxAge: this.#maxAge,
      helloTime: this.#helloTime,
      forwardDelay: this.#forwardDelay,
    };
    this.#send(one.port, emitConfig(bpdu));
    one.changeAck = false;
    one.configPending = false;
    one.hold = this.#after(HOLD, () => {
      one.hold = undefined;
      if (one.configPending) this.#sendConfig(one);
    });
  }

  #sendChange(): void {
    if (this.#rootPort !== undefined) this.#send(this.#rootPort.port, emitChange());
  }

  #send({ link }: BridgePort, packet: Skb['packet']): void {
    const skb = newSkb(link.ns.kernel.packetId(), link, packet);
    skb.dst = GROUP;
    transmit(skb);
  }

  // What it hears

  receive = (port: BridgePort, skb: Skb): void => {
    const one = this.#ports.get(port);
    const bpdu = skb.packet.kind === 'unknown' ? parseBpdu(skb.packet) : undefined;
    if (one === undefined || bpdu === undefined || port.state === 'disabled') return;
    if (bpdu === 'change') {
      if (!this.#isOwn(one)) return;
      this.#detectChange();
      one.changeAck = true;
      this.#sendConfig(one);
    } else this.#receiveConfig(one, bpdu);
  };

  #receiveConfig(one: TreePort, bpdu: ConfigBpdu): void {
    if (!this.#supersedes(one, bpdu)) {
      if (this.#isOwn(one)) this.#sendConfig(one);
      return;
    }
    const wasRoot = this.#isRoot;
    Object.assign(one, { root: bpdu.root, cost: bpdu.cost, bridge: bpdu.bridge, designated: bpdu.port });
    one.messageAge?.cancel();
    one.messageAge = this.#after(hundredths(bpdu.maxAge - bpdu.messageAge), () => this.#forget(one));
    this.#selectRoot();
    this.#selectStates();
    if (!this.#isRoot && wasRoot && this.#changeDetected) {
      this.#changeTimer?.cancel();
      this.#notifyChange();
    }
    if (one !== this.#rootPort) return;
    this.#maxAge = bpdu.maxAge;
    this.#helloTime = bpdu.helloTime;
    this.#forwardDelay = bpdu.forwardDelay;
    this.#setChange(bpdu.topologyChange);
    this.#generate();
    if (bpdu.topologyChangeAck) {
      this.#changeDetected = false;
      this.#tcn?.cancel();
    }
  }

  /** br_supersedes_port_info(): a better root, a shorter way there, or a better bridge on the segment. */
  #supersedes(one: TreePort, bpdu: ConfigBpdu): boolean {
    const better = compareIds(bpdu.root, one.root) || bpdu.cost - one.cost || compareIds(bpdu.bridge, one.bridge);
    if (better !== 0) return better < 0;
    return !sameId(bpdu.bridge, this.#id) || bpdu.port <= one.designated;
  }

  /** br_message_age_timer_expired(): who was designated there is heard no more. */
  #forget(one: TreePort): void {
    one.messageAge = undefined;
    if (one.port.state === 'disabled') return;
    const wasRoot = this.#isRoot;
    this.#becomeDesignated(one);
    this.#update(wasRoot);
  }

  // What follows

  #update(wasRoot: boolean): void {
    this.#selectRoot();
    this.#selectStates();
    if (this.#isRoot && !wasRoot) this.#becomeRoot();
  }

  #becomeRoot(): void {
    this.#maxAge = this.#bridge.maxAge;
    this.#helloTime = this.#bridge.helloTime;
    this.#forwardDelay = this.#bridge.forwardDelay;
    this.#detectChange();
    this.#tcn?.cancel();
    if (this.#bridge.link.up) this.start();
  }

  /** br_configuration_update(): the way to the best root, and the segments that this bridge serves. */
  #selectRoot(): void {
    this.#rootPort = undefined;
    for (const one of this.#active) {
      const candidate = !this.#isOwn(one) && compareIds(one.root, this.#id) < 0 && !one.port.flags.rootBlock;
      if (candidate && (this.#rootPort === undefined || this.#isBetterWay(one, this.#rootPort))) this.#rootPort = one;
    }
    this.#root = this.#rootPort?.root ?? this.#id;
    this.#cost = this.#rootPort === undefined ? 0 : this.#rootPort.cost + this.#rootPort.port.cost;
    for (const one of this.#active) if (one !== this.#rootPort && this.#shouldServe(one)) this.#becomeDesignated(one);
  }

  #isBetterWay(a: TreePort, b: TreePort): boolean {
    const order =
      compareIds(a.root, b.root) ||
      a.cost + a.port.cost - (b.cost + b.port.cost) ||
      compareIds(a.bridge, b.bridge) ||
      a.designated - b.designated ||
      portId(a.port) - portId(b.port);
    return order < 0;
  }

  /** br_should_become_designated_port() */
  #shouldServe(one: TreePort): boolean {
    if (this.#isOwn(one) || !sameId(one.root, this.#root)) return true;
    const order = this.#cost - one.cost || compareIds(this.#id, one.bridge) || portId(one.port) - one.designated;
    return order < 0;
  }

  /** br_port_state_selection() */
  #selectStates(): void {
    for (const one of this.#active) {
      const serves = this.#isOwn(one);
      if (serves) {
        one.messageAge?.cancel();
        one.messageAge = undefined;
      } else {
        one.configPending = false;
        one.changeAck = false;
      }
      if (serves || one === this.#rootPort) this.#makeForwarding(one);
      else this.#makeBlocking(one);
    }
    selectCarrier(this.#bridge);
  }

  #makeForwarding(one: TreePort): void {
    if (one.port.state !== 'blocking') return;
    if (this.#forwardDelay === 0) {
      setState(one.port, 'forwarding');
      this.#detectChange();
      return;
    }
    setState(one.port, 'listening');
    this.#wait(one);
  }

  #wait(one: TreePort): void {
    one.forwardDelay?.cancel();
    one.forwardDelay = this.#after(hundredths(this.#forwardDelay), () => {
      one.forwardDelay = undefined;
      if (one.port.state === 'listening') {
        setState(one.port, 'learning');
        this.#wait(one);
      } else if (one.port.state === 'learning') {
        setState(one.port, 'forwarding');
        if (this.#active.some(this.#isOwn)) this.#detectChange();
      }
    });
  }

  #makeBlocking(one: TreePort): void {
    const { state } = one.port;
    if (state === 'blocking') return;
    if (state === 'forwarding' || state === 'learning') this.#detectChange();
    setState(one.port, 'blocking');
    one.forwardDelay?.cancel();
    one.forwardDelay = undefined;
  }

  // Changes of the tree

  /** br_topology_change_detection(): the root tells all, others tell the root. */
  #detectChange(): void {
    if (this.#isRoot) {
      this.#setChange(true);
      this.#changeTimer?.cancel();
      this.#changeTimer = this.#after(hundredths(this.#bridge.forwardDelay + this.#bridge.maxAge), () => {
        this.#changeDetected = false;
        this.#setChange(false);
      });
    } else if (!this.#changeDetected) this.#notifyChange();
    this.#changeDetected = true;
  }

  #notifyChange(): void {
    this.#sendChange();
    this.#tcn?.cancel();
    this.#tcn = this.#after(hundredths(this.#bridge.helloTime), () => {
      if (!this.#isRoot && this.#bridge.link.up) this.#notifyChange();
    });
  }

  /** __br_set_topology_change(): what was learnt may be wrong now, and is forgotten sooner. */
  #setChange(on: boolean): void {
    if (this.#change === on) return;
    this.#change = on;
    if (on) {
      this.#ageing = this.#bridge.ageingTime;
      this.#bridge.ageingTime = Math.min(this.#ageing, 2 * this.#forwardDelay);
    } else if (this.#ageing !== undefined) {
      this.#bridge.ageingTime = this.#ageing;
      this.#ageing = undefined;
    }
  }

  describe = (): ReturnType<SpanningTree['describe']> => ({
    designatedRoot: this.#root,
    rootPort: this.#rootPort?.port.number ?? 0,
    rootPathCost: this.#cost,
    topologyChange: this.#change ? 1 : 0,
    topologyChangeDetected: this.#changeDetected ? 1 : 0,
    helloTimer: this.#left(this.#hello),
    tcnTimer: this.#left(this.#tcn),
    topologyChangeTimer: this.#left(this.#changeTimer),
  });

  describePort = (port: BridgePort): ReturnType<SpanningTree['describePort']> => {
    const one = this.#ports.get(port);
    if (one === undefined) return {};
    return {
      designatedPort: one.designated,
      designatedCost: one.cost,
      designatedBridge: one.bridge,
      designatedRoot: one.root,
      holdTimer: this.#left(one.hold),
      messageAgeTimer: this.#left(one.messageAge),
      forwardDelayTimer: this.#left(one.forwardDelay),
    };
  };

  #left(timer: Timer | undefined): number {
    const { now } = this.#bridge.link.ns.kernel.events;
    return timer === undefined ? 0 : Math.max(0, Math.round((timer.at - now) / 10_000));
  }
}
