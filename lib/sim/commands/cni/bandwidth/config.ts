import { load, netConf } from '../config.ts';
import { CniError, GoPanic } from '../error.ts';
import { type Decoded, optional, struct, uint64 } from '../json/decode.ts';
import type { Call } from '../plugin.ts';
import type { AnyResult, Result } from '../result.ts';
import { readPrevious } from '../verify.ts';

/** Bits a second, and bits. */
const limits = { ingressRate: uint64, ingressBurst: uint64, egressRate: uint64, egressBurst: uint64 } as const;
const entry = struct('BandwidthEntry', limits);

const configuration = struct('PluginConf', {
  ...netConf,
  ingressRate: optional(uint64),
  ingressBurst: optional(uint64),
  egressRate: optional(uint64),
  egressBurst: optional(uint64),
  runtimeConfig: struct('', { bandwidth: optional(entry) }),
});

/** Of one direction: bytes a second, and bytes at once. */
export type Limit = { readonly rate: number; readonly burst: number };

export type BandwidthConfig = {
  readonly name: string;
  readonly cniVersion: string;
  /** What goes into the container, and what comes out of it. */
  readonly ingress: Limit | undefined;
  readonly egress: Limit | undefined;
  readonly previous: { readonly given: AnyResult; readonly result: Result } | undefined;
};

/** Throws CniError. */
export function readConfig({ input }: Call): BandwidthConfig {
  const conf = load(configuration, input, 'failed to parse network configuration');
  const { ingressRate, ingressBurst, egressRate, egressBurst } = limitsOf(conf);
  const ingress = limitOf(ingressRate, ingressBurst);
  const egress = limitOf(egressRate, egressBurst);
  return { name: conf.name, cniVersion: conf.cniVersion, ingress, egress, previous: readPrevious(conf) };
}

/** What the configuration says itself, if anything, goes before what the runtime says. */
function limitsOf(conf: Decoded<typeof configuration>): Decoded<typeof entry> {
  const { ingressRate, ingressBurst, egressRate, egressBurst, runtimeConfig } = conf;
  const own = [ingressRate, ingressBurst, egressRate, egressBurst].some((one) => one !== undefined);
  if (!own) return runtimeConfig.bandwidth ?? entry.zero;
  return {
    ingressRate: ingressRate ?? 0,
    ingressBurst: ingressBurst ?? 0,
    egressRate: egressRate ?? 0,
    egressBurst: egressBurst ?? 0,
  };
}

function limitOf(rate: number, burst: number): Limit | undefined {
  if (burst === 0 && rate !== 0) throw new CniError('if rate is set, burst must also be set');
  if (rate === 0 && burst !== 0) throw new CniError('if burst is set, rate must also be set');
  if (Math.floor(burst / 8) >= 0xffff_ffff) throw new CniError('burst cannot be more than 4GB');
  return rate === 0 ? undefined : { rate: Math.floor(rate / 8), burst: Math.floor(burst / 8) };
}

/** The real plugin passes on what is not there. */
export function passOn({ previous }: BandwidthConfig): AnyResult {
  if (previous !== undefined) return previous.given;
  throw new GoPanic('runtime error: invalid memory address or nil pointer dereference');
}
