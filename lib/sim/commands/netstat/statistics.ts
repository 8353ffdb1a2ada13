/** How `netstat -s` words a counter; `%` is its value. What is not worded is printed as `Name: value` when it counted. */
type Wording = readonly [name: string, text: string];
type Section = { readonly name: string; readonly always: readonly Wording[]; readonly counted: readonly Wording[] };

const SECTIONS: readonly Section[] = [
  {
    name: 'Ip',
    always: [
      ['Forwarding', 'Forwarding: %'],
      ['InReceives', '% total packets received'],
      ['InHdrErrors', '?% with invalid headers'],
      ['InAddrErrors', '?% with invalid addresses'],
      ['ForwDatagrams', '% forwarded'],
      ['InUnknownProtos', '?% with unknown protocol'],
      ['InDiscards', '% incoming packets discarded'],
      ['InDelivers', '% incoming packets delivered'],
      ['OutRequests', '% requests sent out'],
      ['OutDiscards', '?% outgoing packets dropped'],
      ['OutNoRoutes', '?% dropped because of missing route'],
      ['ReasmTimeout', '?% fragments dropped after timeout'],
      ['ReasmReqds', '?% reassemblies required'],
      ['ReasmOKs', '?% packets reassembled ok'],
      ['ReasmFails', '?% packet reassemblies failed'],
      ['FragOKs', '?% fragments received ok'],
      ['FragFails', '?% fragments failed'],
      ['FragCreates', '?% fragments created'],
    ],
    counted: [],
  },
  {
    name: 'Icmp',
    always: [
      ['InMsgs', '% ICMP messages received'],
      ['InErrors', '% input ICMP message failed'],
      ['', 'ICMP input histogram:'],
      ['InDestUnreachs', '?    destination unreachable: %'],
      ['InTimeExcds', '?    timeout in transit: %'],
      ['InRedirects', '?    redirects: %'],
      ['InEchos', '?    echo requests: %'],
      ['InEchoReps', '?    echo replies: %'],
      ['OutMsgs', '% ICMP messages sent'],
      ['OutErrors', '% ICMP messages failed'],
      ['', 'ICMP output histogram:'],
      ['OutDestUnreachs', '?    destination unreachable: %'],
      ['OutTimeExcds', '?    time exceeded: %'],
      ['OutRedirects', '?    redirect: %'],
      ['OutEchos', '?    echo requests: %'],
      ['OutEchoReps', '?    echo replies: %'],
    ],
    counted: [],
  },
  {
    name: 'Tcp',
    always: [
      ['ActiveOpens', '% active connection openings'],
      ['PassiveOpens', '% passive connection openings'],
      ['AttemptFails', '% failed connection attempts'],
      ['EstabResets', '% connection resets received'],
      ['CurrEstab', '% connections established'],
      ['InSegs', '% segments received'],
      ['OutSegs', '% segments sent out'],
      ['RetransSegs', '% segments retransmitted'],
      ['InErrs', '% bad segments received'],
      ['OutRsts', '% resets sent'],
    ],
    counted: [],
  },
  {
    name: 'Udp',
    always: [
      ['InDatagrams', '% packets received'],
      ['NoPorts', '% packets to unknown port received'],
      ['InErrors', '% packet receive errors'],
      ['OutDatagrams', '% packets sent'],
      ['RcvbufErrors', '% receive buffer errors'],
      ['SndbufErrors', '% send buffer errors'],
    ],
    counted: [],
  },
  { name: 'UdpLite', always: [], counted: [] },
  {
    name: 'TcpExt',
    always: [],
    counted: [
      ['TW', '% TCP sockets finished time wait in fast timer'],
      ['DelayedACKs', '% delayed acks sent'],
      ['ListenOverflows', '% times the listen queue of a socket overflowed'],
      ['ListenDrops', '% SYNs to LISTEN sockets dropped'],
      ['TCPPureAcks', '% acknowledgments not containing data payload received'],
      ['TCPSackRecovery', '% times recovered from packet loss by selective acknowledgements'],
      ['TCPFastRetrans', '% fast retransmits'],
      ['TCPAbortOnData', '% connections reset due to unexpected data'],
      ['TCPAbortOnClose', '% connections reset due to early user close'],
    ],
  },
  { name: 'IpExt', always: [], counted: [] },
];

/** Settings among the counters. */
const SILENT = new Set(['DefaultTTL', 'RtoAlgorithm', 'RtoMin', 'RtoMax', 'MaxConn', 'InCsumErrors']);

/** Both files of counters: section, then name and value. */
export type Counters = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function parseCounters(text: string): Map<string, Map<string, number>> {
  const sections = new Map<string, Map<string, number>>();
  const lines = text.split('\n');
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [section = '', ...names] = (lines[i] as string).split(' ');
    const values = (lines[i + 1] as string).split(' ').slice(1).map(Number);
    sections.set(section.replace(':', ''), new Map(names.map((name, at) => [name, values[at] ?? 0])));
  }
  return sections;
}

export function statisticsText(counters: Counters, wanted: (section: string) => boolean): string {
  return SECTIONS.filter(({ name }) => wanted(name))
    .map((section) => sectionText(section, counters.get(section.name) ?? new Map()))
    .join('');
}

function sectionText({ name, always, counted }: Section, values: ReadonlyMap<string, number>): string {
  const lines: string[] = [];
  const say = (text: string, value: number): void => {
    lines.push(`    ${text.replace('%', String(value))}\n`);
  };
  for (const [counter, text] of always) {
    const value = values.get(counter) ?? 0;
    if (!text.startsWith('?')) say(text, value);
    else if (value > 0) say(text.slice(1), value);
  }
  for (const [counter, value] of values) {
    if (value === 0 || SILENT.has(counter) || always.some(([known]) => known === counter)) continue;
    say(counted.find(([known]) => known === counter)?.[1] ?? `${counter}: %`, value);
  }
  return `${name}:\n${lines.join('')}`;
}
