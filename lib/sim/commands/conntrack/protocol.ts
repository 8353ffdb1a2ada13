const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
};

export const protocolName = (protocol: number): string => PROTOCOLS[protocol] ?? 'unknown';

export function protocolNumber(text: string): number | undefined {
  const found = Object.entries(PROTOCOLS).find(([, name]) => name === text.toLowerCase());
  if (found !== undefined) return Number(found[0]);
  return /^\d+$/.test(text) && Number(text) < 256 ? Number(text) : undefined;
}
