import type { VlanRequest } from '../../../kernel/index.ts';
import { vlanModule } from '../../../kernel/vlan/index.ts';
import { invalid, onOff, Refusal, unsigned } from '../../iproute2/words.ts';
import type { KindCommand } from './kind-command.ts';

const USAGE = `Usage: ... vlan id VLANID
		[ protocol VLANPROTO ]
		[ reorder_hdr { on | off } ]
		[ gvrp { on | off } ]
		[ mvrp { on | off } ]
		[ loose_binding { on | off } ]
		[ bridge_binding { on | off } ]
		[ ingress-qos-map QOS-MAP ]
		[ egress-qos-map QOS-MAP ]

VLANID := 0-4095
VLANPROTO: [ 802.1Q | 802.1ad ]
QOS-MAP := [ QOS-MAP ] QOS-MAPPING
QOS-MAPPING := FROM:TO
`;

/** `type vlan …` (iplink_vlan.c) */
export const vlan: KindCommand = {
  module: vlanModule,
  usage: USAGE,
  parse(_, words) {
    let request: VlanRequest = { kind: 'vlan' };
    for (; words.more; words.next()) {
      if (words.abbreviates('protocol')) request = { ...request, protocol: protocolWord(words.value()) };
      else if (words.abbreviates('id')) request = { ...request, id: unsigned(words.value(), 'id is invalid', 0xffff) };
      else if (words.abbreviates('reorder_hdr'))
        request = { ...request, reorderHdr: onOff('reorder_hdr', words.value()) };
      else if (words.abbreviates('loose_binding'))
        request = { ...request, looseBinding: onOff('loose_binding', words.value()) };
      else if (words.abbreviates('gvrp', 'mvrp', 'bridge_binding', 'ingress-qos-map', 'egress-qos-map'))
        throw new Refusal(`ip: not simulated here: vlan ${words.word}\n`, 64);
      else if (words.abbreviates('help')) throw new Refusal(USAGE, 1);
      else throw new Refusal(`vlan: unknown command "${words.word}"?\n${USAGE}`, 1);
    }
    return request;
  },
  print({ out }, data) {
    if (data.kind !== 'vlan') return;
    out.fact('protocol', data.protocol, `protocol ${data.protocol} `);
    out.fact('id', data.id, `id ${data.id} `);
    const flags = [...(data.reorderHdr ? ['REORDER_HDR'] : []), ...(data.looseBinding ? ['LOOSE_BINDING'] : [])];
    out.fact('flags', flags, `<${flags.join(',')}> `);
  },
};

function protocolWord(text: string): '802.1Q' | '802.1ad' {
  const lower = text.toLowerCase();
  if (lower === '802.1q' || lower === '0x8100') return '802.1Q';
  if (lower === '802.1ad' || lower === '0x88a8') return '802.1ad';
  throw invalid('protocol is invalid', text);
}
