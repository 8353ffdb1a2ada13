import { Random } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';
import { slot } from '../slot.ts';
import { PortTable } from './ports.ts';
import { TcpTable } from './tcp/table.ts';
import { UdpTable } from './udp/table.ts';

/** Inodes of sockets, on a machine that has run for a while. */
const FIRST_INODE = 21_634;

/** What sockets keep in one namespace. */
export class Inet {
  /** Ports, initial sequence numbers and the like: a stream of its own. */
  readonly random: Random;
  readonly udp: UdpTable;
  readonly tcp: TcpTable;
  readonly udpPorts: PortTable;
  readonly tcpPorts: PortTable;
  #inodes = 0;

  constructor(ns: NetNs) {
    this.random = new Random(`${ns.kernel.hashSeed}/inet/${ns.number}`);
    this.udp = new UdpTable();
    this.tcp = new TcpTable();
    this.udpPorts = new PortTable(ns, this.random, false);
    this.tcpPorts = new PortTable(ns, this.random, true);
  }

  /** Inodes are the machine's: those of its first namespace count. */
  nextInode(): number {
    return FIRST_INODE + ++this.#inodes;
  }
}

export const inetOf = slot((ns: NetNs) => new Inet(ns));
