import { get16, get32 } from '../index.ts';
import { NameWriter, parseName } from './name.ts';
import { type DnsRecord, emitData, parseData } from './record.ts';

export type DnsQuestion = { readonly name: string; readonly type: number; readonly class: number };

export type DnsMessage = {
  readonly id: number;
  /** QR: an answer, not a question. */
  readonly response: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** AD and CD (RFC 4035 section 3.2). */
  readonly authenticData: boolean;
  readonly checkingDisabled: boolean;
  /** DNS_RCODE, without what an OPT record adds. */
  readonly rcode: number;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
};

export const DNS_RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

const HEADER = 12;
const FLAG = { response: 0x8000, aa: 0x400, tc: 0x200, rd: 0x100, ra: 0x80, ad: 0x20, cd: 0x10 } as const;

/** undefined: shorter than it says, or with a name or record that is malformed. */
export function parseDns(b: Uint8Array): DnsMessage | undefined {
  if (b.length < HEADER) return undefined;
  const reader = new Reader(b);
  const questions = reader.questions(get16(b, 4));
  const answers = questions && reader.records(get16(b, 6));
  const authorities = answers && reader.records(get16(b, 8));
  const additionals = authorities && reader.records(get16(b, 10));
  if (questions === undefined || answers === undefined || authorities === undefined || additionals === undefined)
    return undefined;
  const flags = get16(b, 2);
  return {
    id: get16(b, 0),
    response: (flags & FLAG.response) !== 0,
    opcode: (flags >> 11) & 15,
    authoritative: (flags & FLAG.aa) !== 0,
    truncated: (flags & FLAG.tc) !== 0,
    recursionDesired: (flags & FLAG.rd) !== 0,
    recursionAvailable: (flags & FLAG.ra) !== 0,
    authenticData: (flags & FLAG.ad) !== 0,
    checkingDisabled: (flags & FLAG.cd) !== 0,
    rcode: flags & 15,
    questions,
    answers,
    authorities,
    additionals,
  };
}

class Reader {
  #at = HEADER;

  constructor(private readonly bytes: Uint8Array) {}

  questions(count: number): DnsQuestion[] | undefined {
    const list: DnsQuestion[] = [];
    for (let i = 0; i < count; i++) {
      const found = parseName(this.bytes, this.#at);
      if (found === undefined || found.next + 4 > this.bytes.length) return undefined;
      list.push({ name: found.name, type: get16(this.bytes, found.next), class: get16(this.bytes, found.next + 2) });
      this.#at = found.next + 4;
    }
    return list;
  }

  records(count: number): DnsRecord[] | undefined {
    const list: DnsRecord[] = [];
    for (let i = 0; i < count; i++) {
      const found = parseName(this.bytes, this.#at);
      if (found === undefined || found.next + 10 > this.bytes.length) return undefined;
      const { name, next } = found;
      const type = get16(this.bytes, next);
      const length = get16(this.bytes, next + 8);
      const data = parseData(this.bytes, type, next + 10, length);
      if (data === undefined) return undefined;
      list.push({ name, type, class: get16(this.bytes, next + 2), ttl: get32(this.bytes, next + 4), data });
      this.#at = next + 10 + length;
    }
    return list;
  }
}

export function emitDns(m: DnsMessage): Uint8Array {
  const bytes: number[] = [];
  const names = new NameWriter();
  const put16 = (...values: number[]): void => {
    for (const value of values) bytes.push((value >> 8) & 0xff, value & 0xff);
  };
  put16(m.id, flagsOf(m));
  put16(m.questions.length, m.answers.length, m.authorities.length, m.additionals.length);
  for (const question of m.questions) {
    bytes.push(...names.emit(question.name, bytes.length));
    put16(question.type, question.class);
  }
  for (const record of [...m.answers, ...m.authorities, ...m.additionals]) {
    bytes.push(...names.emit(record.name, bytes.length));
    put16(record.type, record.class, record.ttl >>> 16, record.ttl & 0xffff);
    const data = emitData(record.data, names, bytes.length + 2);
    put16(data.length);
    bytes.push(...data);
  }
  return Uint8Array.from(bytes);
}

const flagsOf = (m: DnsMessage): number =>
  (m.response ? FLAG.response : 0) |
  (m.opcode << 11) |
  (m.authoritative ? FLAG.aa : 0) |
  (m.truncated ? FLAG.tc : 0) |
  (m.recursionDesired ? FLAG.rd : 0) |
  (m.recursionAvailable ? FLAG.ra : 0) |
  (m.authenticData ? FLAG.ad : 0) |
  (m.checkingDisabled ? FLAG.cd : 0) |
  m.rcode;
