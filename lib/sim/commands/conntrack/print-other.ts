import type { ConntrackEntry, Tuple } from '../../kernel/netfilter/index.ts';
import { protocolName } from './protocol.ts';

const isIcmp = ({ protocol }: Tuple): boolean => protocol === 1 || protocol === 58;
const hasPorts = ({ protocol }: Tuple): boolean => [6, 17, 33, 132, 136].includes(protocol);

const layer3 = ({ src, dst }: Tuple): string => {
  const [number, name] = src.family === 4 ? [2, 'ipv4'] : [10, 'ipv6'];
  return `<layer3 protonum="${number}" protoname="${name}"><src>${src}</src><dst>${dst}</dst></layer3>`;
};

const layer4 = (t: Tuple): string =>
  `<layer4 protonum="${t.protocol}" protoname="${protocolName(t.protocol)}">${hasPorts(t) ? `<sport>${t.sport}</sport><dport>${t.dport}</dport>` : ''}</layer4>`;

function flow(entry: ConntrackEntry, now: number): string {
  const meta = (direction: string, inside: string): string => `<meta direction="${direction}">${inside}</meta>`;
  const independent = [
    ...(entry.tcp === undefined ? [] : [`<state>${entry.tcp}</state>`]),
    `<timeout>${entry.secondsLeft(now)}</timeout><mark>${entry.mark}</mark>`,
    ...(entry.zone.id === 0 ? [] : [`<zone>${entry.zone.id}</zone>`]),
    `<use>1</use><id>${entry.id}</id>`,
    ...(entry.seenReply ? [] : ['<unreplied/>']),
    ...(entry.assured ? ['<assured/>'] : []),
  ].join('');
  return `<flow>${meta('original', layer3(entry.original) + layer4(entry.original))}${meta('reply', layer3(entry.reply) + layer4(entry.reply))}${meta('independent', independent)}</flow>\n`;
}

/** -o xml */
export const xmlText = (entries: readonly ConntrackEntry[], now: number): string =>
  entries.length === 0
    ? ''
    : `<?xml version="1.0" encoding="utf-8"?>\n<conntrack>\n${entries.map((entry) => flow(entry, now)).join('')}</conntrack>\n`;

/** -o save: each as the arguments of a command that makes it again. */
export function saveText(entries: readonly ConntrackEntry[], now: number): string {
  return entries.map((entry) => `${saveWords(entry, now).join(' ')}\n`).join('');
}

function saveWords(entry: ConntrackEntry, now: number): string[] {
  const { original: t, reply, tcp } = entry;
  const status = [entry.seenReply && 'SEEN_REPLY', entry.assured && 'ASSURED'].filter((word) => word !== false);
  return [
    `-A -t ${entry.secondsLeft(now)}`,
    ...(status.length === 0 ? [] : [`-u ${status.join(',')}`]),
    `-s ${t.src} -d ${t.dst} -r ${reply.src} -q ${reply.dst} -p ${protocolName(t.protocol)}`,
    ...(isIcmp(t) ? [`--icmp-type ${t.dport >> 8} --icmp-code ${t.dport & 255} --icmp-id ${t.sport}`] : []),
    ...(hasPorts(t)
      ? [`--sport ${t.sport} --dport ${t.dport} --reply-port-src ${reply.sport} --reply-port-dst ${reply.dport}`]
      : []),
    ...(tcp === undefined ? [] : [`--state ${tcp}`]),
    ...(entry.zone.id === 0 ? [] : [`-w ${entry.zone.id}`]),
  ];
}
