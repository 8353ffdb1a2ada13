import type { Mac } from '../../base/index.ts';
import type { Link } from '../link/link.ts';
import { Fdb } from './fdb.ts';
import type { BridgePort } from './port.ts';
import type { SpanningTree } from './tree.ts';

/** What makes a link a bridge (struct net_bridge). Times are in 1/100 s. */
export class Bridge {
  readonly link: Link;
  /** Newest first: the order in which frames are flooded. */
  readonly ports: BridgePort[] = [];
  readonly fdb: Fdb;
  ageingTime = 30_000;
  forwardDelay = 1_500;
  helloTime = 200;
  maxAge = 2_000;
  priority = 0x8000;
  stp = false;
  tree: SpanningTree | undefined;
  groupFwdMask = 0;
  mcastSnooping = true;
  /** The MTU was chosen by a user and no longer follows the ports. */
  mtuSetByUser = false;
  /** The MAC address in the bridge id: none until a user or a port gives one. */
  idMac: Mac;

  constructor(link: Link) {
    this.link = link;
    this.idMac = link.addrAssignType === 3 ? link.mac : (0 as Mac);
    this.fdb = new Fdb(this);
  }
}
