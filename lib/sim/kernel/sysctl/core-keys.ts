import { int, text } from './spec.ts';

/** net.core.*, net.unix.* and net.bridge.*: the defaults of Linux 6.18. */
export const CORE_KEYS = {
  busy_poll: int(0, { initOnly: true }),
  busy_read: int(0, { initOnly: true }),
  default_qdisc: text('pfifo_fast', { initOnly: true }),
  dev_weight: int(64, { initOnly: true }),
  dev_weight_rx_bias: int(1, { initOnly: true }),
  dev_weight_tx_bias: int(1, { initOnly: true }),
  devconf_inherit_init_net: int(0, { initOnly: true }),
  fb_tunnels_only_for_init_net: int(0, { initOnly: true }),
  flow_limit_cpu_bitmap: int(0, { initOnly: true }),
  flow_limit_table_len: int(4096, { initOnly: true }),
  gro_normal_batch: int(8, { initOnly: true }),
  high_order_alloc_disable: int(0, { initOnly: true }),
  max_skb_frags: int(17, { initOnly: true }),
  mem_pcpu_rsv: int(256, { initOnly: true }),
  message_burst: int(10, { initOnly: true }),
  message_cost: int(5, { initOnly: true }),
  netdev_budget: int(300, { initOnly: true }),
  netdev_budget_usecs: int(8000, { initOnly: true }),
  netdev_max_backlog: int(1000, { initOnly: true, min: 0, max: 2147483647 }),
  netdev_tstamp_prequeue: int(1, { initOnly: true }),
  netdev_unregister_timeout_secs: int(10, { initOnly: true }),
  optmem_max: int(131072),
  rmem_default: int(212992),
  rmem_max: int(212992),
  rps_default_mask: int(0),
  rps_sock_flow_entries: int(0, { initOnly: true }),
  skb_defer_max: int(64, { initOnly: true }),
  somaxconn: int(4096, { min: 0, max: 65535 }),
  tstamp_allow_data: int(1),
  txrehash: int(1),
  warnings: int(0, { initOnly: true }),
  wmem_default: int(212992),
  wmem_max: int(212992),
} as const;

export const UNIX_KEYS = { max_dgram_qlen: int(10) } as const;

export const BRIDGE_KEYS = {
  'bridge-nf-call-arptables': int(1),
  'bridge-nf-call-ip6tables': int(1),
  'bridge-nf-call-iptables': int(1),
  'bridge-nf-filter-pppoe-tagged': int(0),
  'bridge-nf-filter-vlan-tagged': int(0),
  'bridge-nf-pass-vlan-input-dev': int(0),
} as const;
