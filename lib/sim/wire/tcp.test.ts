import { describe, expect, it } from 'vitest';
import { Ip } from '../base/index.ts';
import { describePayload, emitTcp, parseTcp, rawBytes, TCP_FLAG, type TcpSegment } from './index.ts';

const [a, b] = [Ip.fromV4(0x0a000001), Ip.fromV4(0x0a000002)];
const syn: TcpSegment = {
  srcPort: 35456,
  dstPort: 7000,
  seq: 519243814,
  ack: 0,
  flags: TCP_FLAG.syn,
  window: 64240,
  options: { mss: 1460, sackPermitted: true, timestamps: { value: 681783925, echo: 0 }, windowScale: 10 },
  data: new Uint8Array(),
};

describe('TCP segments', () => {
  it('come back from their bytes as they were, options in the order of Linux', () => {
    const bytes = emitTcp(syn, a, b);
    expect(bytes).toHaveLength(40);
    expect([...bytes.slice(20, 28)]).toEqual([2, 4, 5, 180, 4, 2, 8, 10]);
    expect(parseTcp(bytes, a, b)).toEqual(syn);
    const data = {
      ...syn,
      flags: TCP_FLAG.ack | TCP_FLAG.psh,
      options: { sack: [{ start: 1, end: 2 }] },
      data: Uint8Array.of(1, 2, 3),
    };
    expect(parseTcp(emitTcp(data, a, b), a, b)).toEqual(data);
  });

  it('are refused when they are damaged, cut short or for somebody else', () => {
    const bytes = emitTcp(syn, a, b);
    expect(parseTcp(bytes, b, b)).toBeUndefined();
    expect(parseTcp(bytes.slice(0, 30), a, b)).toBeUndefined();
    bytes[5] = (bytes[5] as number) ^ 1;
    expect(parseTcp(bytes, a, b)).toBeUndefined();
  });

  it('are told in a line', () => {
    const packet = {
      kind: 'ipv4',
      tos: 0,
      id: 1,
      df: true,
      mf: false,
      offset: 0,
      ttl: 64,
      protocol: 6,
      src: a,
      dst: b,
      options: undefined,
    } as const;
    expect(describePayload({ ...packet, payload: rawBytes(emitTcp(syn, a, b)) })).toBe(
      '10.0.0.1 > 10.0.0.2: TCP 35456 > 7000 [S]',
    );
  });
});
