import { formatMac } from '../../base/index.ts';
import type { BridgeMessage, BridgePortMessage } from '../../kernel/index.ts';
import { type Json, RawNumber } from '../iproute2/json.ts';
import type { Output } from '../iproute2/output.ts';

type BridgeId = BridgeMessage['bridgeId'];

/** `8000.12:4b:9f:9:12:de`: the bytes of the address without leading zeros. */
export const bridgeId = ({ priority, mac }: BridgeId): string =>
  `${priority.toString(16).padStart(4, '0')}.${formatMac(mac).replace(/(^|:)0/g, '$1')}`;

/** 1/100 s as seconds: `299.71`. */
const seconds = (hundredths: number): string => (hundredths / 100).toFixed(2);
const hex = (value: number): string => (value === 0 ? '0' : `0x${value.toString(16)}`);

/** The multicast side of a bridge, which is not simulated beyond flooding: the defaults of the kernel. */
const MULTICAST_DEFAULTS: readonly (readonly [key: string, name: string, value: number])[] = [
  ['no_linklocal_learn', 'no_linklocal_learn', 0],
  ['mcast_vlan_snooping', 'mcast_vlan_snooping', 0],
  ['mcast_router', 'mcast_router', 1],
  ['mcast_query_use_ifaddr', 'mcast_query_use_ifaddr', 0],
  ['mcast_querier', 'mcast_querier', 0],
  ['mcast_hash_elasticity', 'mcast_hash_elasticity', 16],
  ['mcast_hash_max', 'mcast_hash_max', 4096],
  ['mcast_last_member_cnt', 'mcast_last_member_count', 2],
  ['mcast_startup_query_cnt', 'mcast_startup_query_count', 2],
  ['mcast_last_member_intvl', 'mcast_last_member_interval', 100],
  ['mcast_membership_intvl', 'mcast_membership_interval', 26000],
  ['mcast_querier_intvl', 'mcast_querier_interval', 25500],
  ['mcast_query_intvl', 'mcast_query_interval', 12500],
  ['mcast_query_response_intvl', 'mcast_query_response_interval', 1000],
  ['mcast_startup_query_intvl', 'mcast_startup_query_interval', 3124],
  ['mcast_stats_enabled', 'mcast_stats_enabled', 0],
  ['mcast_igmp_version', 'mcast_igmp_version', 2],
  ['mcast_mld_version', 'mcast_mld_version', 1],
  ['nf_call_iptables', 'nf_call_iptables', 0],
  ['nf_call_ip6tables', 'nf_call_ip6tables', 0],
  ['nf_call_arptables', 'nf_call_arptables', 0],
];

/** `ip -d link` of a bridge (iplink_bridge.c). */
export function printBridge(out: Output, bridge: BridgeMessage): void {
  const number = (key: string, value: number, name = key): void => out.fact(key, value, `${name} ${value} `);
  const timer = (key: string, value: number): void =>
    out.fact(key, new RawNumber(seconds(value)), `${key} ${seconds(value).padStart(7)} `);
  out.openObject('info_data');
  number('forward_delay', bridge.forwardDelay);
  number('hello_time', bridge.helloTime);
  number('max_age', bridge.maxAge);
  number('ageing_time', bridge.ageingTime);
  number('stp_state', bridge.stpState);
  number('priority', bridge.priority);
  number('vlan_filtering', bridge.vlanFiltering);
  out.fact('bridge_id', bridgeId(bridge.bridgeId), `bridge_id ${bridgeId(bridge.bridgeId)} `);
  // This version of ip shows the bridge's own id here too.
  out.fact('root_id', bridgeId(bridge.bridgeId), `designated_root ${bridgeId(bridge.bridgeId)} `);
  number('root_port', bridge.rootPort);
  number('root_path_cost', bridge.rootPathCost);
  number('topology_change', bridge.topologyChange);
  number('topology_change_detected', bridge.topologyChangeDetected);
  timer('hello_timer', bridge.helloTimer);
  timer('tcn_timer', bridge.tcnTimer);
  timer('topology_change_timer', bridge.topologyChangeTimer);
  timer('gc_timer', bridge.gcTimer);
  out.fact('group_fwd_mask', hex(bridge.groupFwdMask), `group_fwd_mask ${hex(bridge.groupFwdMask)} `);
  out.fact('group_addr', formatMac(bridge.groupAddress), `group_address ${formatMac(bridge.groupAddress)} `);
  number('mcast_snooping', bridge.mcastSnooping);
  for (const [key, name, value] of MULTICAST_DEFAULTS) number(key, value, name);
  out.close();
}

/** `ip -d link` of a bridge port (iplink_bridge_slave.c). */
export function printBridgePort(out: Output, port: BridgePortMessage): void {
  const number = (key: string, value: number, name = key): void => out.fact(key, value, `${name} ${value} `);
  const word = (key: string, value: Json, text: string, name = key): void => out.fact(key, value, `${name} ${text} `);
  const flag = (key: string, value: boolean): void => word(key, value, value ? 'on' : 'off');
  const timer = (key: string, value: number): void =>
    out.fact(key, new RawNumber(seconds(value)), `${key} ${seconds(value).padStart(7)} `);
  out.openObject('info_slave_data');
  word('state', port.state, port.state);
  number('priority', port.priority);
  number('cost', port.cost);
  flag('hairpin', port.hairpin);
  flag('guard', port.guard);
  flag('root_block', port.rootBlock);
  flag('fastleave', port.fastleave);
  flag('learning', port.learning);
  flag('flood', port.flood);
  word('id', hex(port.portId), hex(port.portId), 'port_id');
  word('no', hex(port.portNo), hex(port.portNo), 'port_no');
  number('designated_port', port.designatedPort);
  number('designated_cost', port.designatedCost);
  word('bridge_id', bridgeId(port.designatedBridge), bridgeId(port.designatedBridge), 'designated_bridge');
  word('root_id', bridgeId(port.designatedRoot), bridgeId(port.designatedRoot), 'designated_root');
  timer('hold_timer', port.holdTimer);
  timer('message_age_timer', port.messageAgeTimer);
  timer('forward_delay_timer', port.forwardDelayTimer);
  number('topology_change_ack', 0);
  number('config_pending', 0);
  flag('proxy_arp', port.proxyArp);
  flag('proxy_arp_wifi', port.proxyArpWifi);
  number('multicast_router', port.mcastRouter, 'mcast_router');
  out.text(`mcast_fast_leave ${port.fastleave ? 'on' : 'off'} `);
  flag('mcast_flood', port.mcastFlood);
  flag('bcast_flood', port.bcastFlood);
  flag('mcast_to_unicast', port.mcastToUnicast);
  flag('neigh_suppress', port.neighSuppress);
  out.fact('group_fwd_mask', '0', 'group_fwd_mask 0 ');
  out.fact('group_fwd_mask_str', '0x0', 'group_fwd_mask_str 0x0 ');
  flag('vlan_tunnel', port.vlanTunnel);
  flag('isolated', port.isolated);
  flag('locked', port.locked);
  out.close();
}
