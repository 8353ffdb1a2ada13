import { Cidr, type Errno, Ip, netmask4, type Result, strerror } from '../../base/index.ts';
import {
  delRoute,
  getLink,
  getRoute,
  type NetNs,
  type NewRoute,
  newRoute,
  type RouteMetrics,
} from '../../kernel/index.ts';
import type { Process } from '../../os/index.ts';
import { resolveHost } from '../names.ts';
import { INET_USAGE } from './usage.ts';

/** Ends route: text on standard error and the exit status. */
export class RouteError {
  constructor(
    readonly message: string,
    readonly status: number,
  ) {}
}

const usage = (message = '', status = 3): never => {
  throw new RouteError(message + INET_USAGE, status);
};

type Request = {
  kind: 'host' | 'net' | undefined;
  dst: Ip;
  /** undefined: none was said. */
  prefix: number | undefined;
  gateway: Ip | undefined;
  device: string | undefined;
  metric: number;
  reject: boolean;
  metrics: RouteMetrics;
};

/** `route add` and `route del`: net-tools' inet_sr.c, and what ioctl(SIOCADDRT) makes of it. */
export class Change {
  readonly #words: string[];

  constructor(
    private readonly process: Process,
    private readonly ns: NetNs,
    private readonly adding: boolean,
    words: readonly string[],
    private readonly netnsName: string | undefined,
  ) {
    this.#words = [...words];
  }

  /** @throws RouteError */
  run(): void {
    const request = this.#read();
    const route = this.#route(request);
    const call = this.adding ? 'SIOCADDRT' : 'SIOCDELRT';
    const answer = this.adding ? newRoute(this.ns, route, { create: true, excl: true }) : delRoute(this.ns, route);
    if (!answer.ok) throw refused(call, answer);
  }

  #address(text: string): Ip {
    const resolved = resolveHost(this.process, text, this.netnsName);
    const found = resolved.ok ? resolved.addresses.find((ip) => ip.family === 4) : undefined;
    if (found !== undefined) return found;
    throw new RouteError(`${text}: ${/[./:]/.test(text) ? 'Unknown host' : 'Host name lookup failure'}\n`, 6);
  }

  #read(): Request {
    const request: Request = {
      kind: undefined,
      dst: Ip.any4,
      prefix: undefined,
      gateway: undefined,
      device: undefined,
      metric: 0,
      reject: false,
      metrics: {},
    };
    const first = this.#words[0];
    if (first === '-host' || first === '-net') {
      request.kind = first === '-host' ? 'host' : 'net';
      this.#words.shift();
    }
    const target = this.#words.shift();
    if (target === undefined) return usage('', 0);
    this.#target(request, target);
    while (this.#words.length > 0) this.#word(request, this.#words.shift() as string);
    this.#checkMask(request);
    return request;
  }

  #target(request: Request, target: string): void {
    if (target === 'default') {
      request.kind = 'net';
      request.prefix = 0;
      return;
    }
    const [text = '', length] = target.split('/');
    request.dst = /^\d+$/.test(text) && request.kind === 'net' ? Ip.fromV4(Number(text) << 24) : this.#address(text);
    if (length !== undefined) request.prefix = Number.parseInt(length, 10);
    if (request.dst.isUnspecified && request.kind === 'net') request.prefix ??= 0;
    request.kind ??= 'host';
  }

  #value(): string {
    return this.#words.shift() ?? usage();
  }

  #number(): number {
    const word = this.#value();
    return /^\d+$/.test(word) ? Number(word) : usage();
  }

  #word(request: Request, word: string): void {
    switch (word) {
      case 'gw':
      case 'gateway':
        request.gateway = this.#address(this.#value());
        return;
      case 'netmask':
        return this.#netmask(request);
      case 'metric':
        request.metric = this.#number();
        return;
      case 'mss':
      case 'mtu':
        // The ioctl knows but one of the two: 40 bytes of headers make the difference.
        request.metrics = { ...request.metrics, advmss: this.#number() - 40 };
        return;
      case 'window':
        request.metrics = { ...request.metrics, window: this.#number() };
        return;
      case 'irtt':
        request.metrics = { ...request.metrics, rtt: this.#number() };
        return;
      case 'reject':
        request.reject = true;
        return;
      case 'mod':
      case 'dyn':
      case 'reinstate':
        return;
      case 'dev':
      case 'device':
        request.device = this.#value();
        return;
      default:
        if (request.device !== undefined || this.#words.length > 0) usage();
        request.device = word;
    }
  }

  #netmask(request: Request): void {
    const text = this.#value();
    if (request.prefix !== undefined) usage();
    const mask = this.#address(text);
    const inverted = ~mask.v4 >>> 0;
    if ((inverted & (inverted + 1)) !== 0) usage(`route: bogus netmask ${text}\n`);
    request.prefix = 32 - Math.log2(inverted + 1);
  }

  #checkMask(request: Request): void {
    const { kind, prefix, dst } = request;
    if (prefix === undefined) return;
    const valid = prefix >= 0 && prefix <= 32;
    if (kind === 'host' && prefix !== 32) {
      const mask = netmask4(prefix);
      const swapped = ((mask & 0xff) << 24) | ((mask & 0xff00) << 8) | ((mask >>> 8) & 0xff00) | (mask >>> 24);
      usage(`route: netmask ${(swapped >>> 0).toString(16).padStart(8, '0')} doesn't make sense with host route\n`);
    }
    if (!valid || new Cidr(dst, prefix).network().address !== dst) {
      usage("route: netmask doesn't match route address\n");
    }
  }

  /** rtentry_to_fib_config() of fib_frontend.c */
  #route(request: Request): NewRoute {
    const call = this.adding ? 'SIOCADDRT' : 'SIOCDELRT';
    const { kind, prefix, dst, gateway, device, reject } = request;
    // A net without a mask has one of zeros, which does not go with its address.
    const length = kind === 'host' ? 32 : (prefix ?? 0);
    if (new Cidr(dst, length).network().address !== dst) throw refused(call, { errno: 'EINVAL' });
    const link = device === undefined ? undefined : getLink(this.ns, device);
    if (device !== undefined && link === undefined) throw refused(call, { errno: 'ENODEV' });
    const base = {
      family: 4 as const,
      dst: new Cidr(dst, length),
      ...(request.metric > 0 && { priority: request.metric }),
      ...(Object.keys(request.metrics).length > 0 && { metrics: request.metrics }),
    };
    if (reject) return { ...base, type: 'unreachable', scope: 254, protocol: 3 };
    if (!this.adding && gateway === undefined && link === undefined) return base;
    if (gateway === undefined && link === undefined) throw refused(call, { errno: 'ENODEV' });
    const hop = { ...(gateway !== undefined && { gateway }), ...(link !== undefined && { ifindex: link.ifindex }) };
    const made = { protocol: 3, scope: this.adding ? this.#scope(gateway) : 255 };
    return { ...base, ...(this.adding ? made : {}), nexthops: [hop] };
  }

  /** What is on the link itself is no way through a gateway; an own address as gateway says the link. */
  #scope(gateway: Ip | undefined): number {
    if (gateway === undefined) return 253;
    const answer = getRoute(this.ns, { dst: gateway });
    return answer.ok && answer.value.type === 'local' ? 253 : 0;
  }
}

function refused(call: string, answer: { errno: Errno } | Extract<Result<unknown>, { ok: false }>): RouteError {
  const errno = 'errno' in answer ? answer.errno : answer.error.errno;
  return new RouteError(`${call}: ${strerror(errno)}\n`, 7);
}
