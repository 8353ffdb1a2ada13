import { int } from './spec.ts';

/** net.ipv4.neigh.<device>.* and net.ipv6.neigh.<device>.*; `_ms` in milliseconds, else seconds or 1/100 s. */
export const NEIGH_KEYS = {
  anycast_delay: int(100),
  app_solicit: int(0),
  base_reachable_time_ms: int(30000),
  delay_first_probe_time: int(5),
  gc_stale_time: int(60),
  interval_probe_time_ms: int(5000),
  locktime: int(100),
  mcast_resolicit: int(0),
  mcast_solicit: int(3),
  proxy_delay: int(80),
  proxy_qlen: int(64),
  retrans_time_ms: int(1000),
  ucast_solicit: int(3),
  unres_qlen: int(101),
  unres_qlen_bytes: int(212992),
} as const;

/** Only in net.*.neigh.default, and only in the first namespace: the limits of the whole table. */
export const NEIGH_TABLE_KEYS = {
  gc_interval: int(30),
  gc_thresh1: int(128),
  gc_thresh2: int(512),
  gc_thresh3: int(1024),
} as const;
