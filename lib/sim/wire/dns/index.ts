/**
 * Messages of the Domain Name System (RFC 1035): what travels in UDP datagrams and, behind a length of two bytes, in TCP
 * streams to port 53.
 *
 *   | id 2 | flags 2 | counts 2 × 4 | questions | answers | authorities | additionals |
 *
 * It lies apart from the other formats because only programs read it, never the kernel.
 */
export { DNS_RCODE, type DnsMessage, type DnsQuestion, emitDns, parseDns } from './message.ts';
export { labelsOf } from './name.ts';
export { DNS_CLASS_IN, DNS_TYPE, type DnsData, type DnsRecord } from './record.ts';
