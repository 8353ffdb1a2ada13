import { describe, expect, it } from 'vitest';
import { candidates, parseResolverConfig } from './resolver-config.ts';

const POD =
  'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n';

describe('/etc/resolv.conf', () => {
  it('names servers, a search list and options', () => {
    const config = parseResolverConfig(`# comment\n${POD}options timeout:1 attempts:9\nnameserver fd00::10\n`);
    expect(config.servers.map(String)).toEqual(['10.96.0.10', 'fd00::10']);
    expect(config).toMatchObject({ ndots: 5, timeout: 1, attempts: 5 });
  });

  it('without a server means the one of this host', () => {
    expect(parseResolverConfig('').servers.map(String)).toEqual(['127.0.0.1']);
  });

  it('decides which names are tried, and in which order', () => {
    const pod = parseResolverConfig(POD);
    expect(candidates('web', pod)).toEqual([
      'web.default.svc.cluster.local',
      'web.svc.cluster.local',
      'web.cluster.local',
      'web',
    ]);
    expect(candidates('example.com', pod).at(-1)).toBe('example.com');
    expect(candidates('example.com.', pod)).toEqual(['example.com']);
    expect(candidates('example.com', parseResolverConfig('search lan\n'))).toEqual(['example.com', 'example.com.lan']);
  });
});
