import type { Ip } from '../../base/index.ts';
import type { NetNs } from '../../kernel/index.ts';
import { type DiagMessage, dumpTcp, dumpUdp, isWildcard } from '../../kernel/inet/index.ts';
import type { Process } from '../../os/index.ts';
import type { Parsed } from '../getopt.ts';
import { reverseHost, serviceName } from '../names.ts';
import { socketOwners } from '../socket/users.ts';

const ADDRESS_WIDTH = 23;
const PROGRAM_WIDTH = 20;

/** The list of Internet sockets, as net-tools prints it. */
export class SocketList {
  readonly #owners: Map<number, { readonly pid: number; readonly name: string }>;

  constructor(
    private readonly process: Process,
    private readonly parsed: Parsed,
    private readonly netnsName: string | undefined,
  ) {
    this.#owners = socketOwners(process.machine);
  }

  text(ns: NetNs): string {
    const { parsed } = this;
    const any = !parsed.has('-t') && !parsed.has('-u') && !parsed.has('-w');
    const families = parsed.has('-4') === parsed.has('-6') ? [4, 6] : [parsed.has('-4') ? 4 : 6];
    const lists = [
      ...(parsed.has('-t') || any ? [dumpTcp(ns)] : []),
      ...(parsed.has('-u') || any ? [dumpUdp(ns)] : []),
    ];
    const lines = lists
      .flatMap((list) => families.flatMap((family) => list.filter((one) => one.family === family)))
      .filter((message) => this.#isShown(message))
      .map((message) => this.#line(message));
    return this.#head() + lines.join('');
  }

  #isShown({ state }: DiagMessage): boolean {
    if (this.parsed.has('-a')) return true;
    const serves = state === 'LISTEN' || state === 'CLOSE';
    return this.parsed.has('-l') ? serves : !serves;
  }

  #head(): string {
    const { parsed } = this;
    const which = parsed.has('-a') ? 'servers and established' : parsed.has('-l') ? 'only servers' : 'w/o servers';
    return (
      `Active Internet connections (${which})\n` +
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State      ' +
      (parsed.has('-e') ? ' User       Inode     ' : '') +
      (parsed.has('-p') ? ` ${'PID/Program name'.padEnd(PROGRAM_WIDTH)}` : '') +
      (parsed.has('-o') ? ' Timer' : '') +
      '\n'
    );
  }

  #line(message: DiagMessage): string {
    const { parsed } = this;
    const { protocol, family, local, remote, state, ino } = message;
    const name = `${protocol}${family === 6 ? '6' : ''}`.padEnd(4);
    const [receive, send] = [message.receiveQueue, state === 'LISTEN' ? 0 : message.sendQueue];
    const shownState = protocol === 'udp' && state === 'CLOSE' ? '' : state;
    const owner = this.#owners.get(ino);
    const program = owner === undefined ? '-' : `${owner.pid}/${owner.name}`;
    return (
      `${name}  ${String(receive).padStart(6)} ${String(send).padStart(6)} ` +
      `${this.#end(local, protocol)} ${this.#end(remote, protocol)} ${shownState.padEnd(11)}` +
      (parsed.has('-e') ? ` ${(parsed.has('-n') ? '0' : 'root').padEnd(10)} ${String(ino).padEnd(10)}` : '') +
      (parsed.has('-p') ? ` ${program.slice(0, PROGRAM_WIDTH - 1).padEnd(PROGRAM_WIDTH)}` : '') +
      (parsed.has('-o') ? ` ${timerText(message)}` : '') +
      '\n'
    );
  }

  /** What is too long loses the end of its address, unless -W says otherwise. */
  #end({ address, port }: DiagMessage['local'], protocol: 'tcp' | 'udp'): string {
    const numeric = this.parsed.has('-n');
    const service =
      port === 0 ? '*' : ((numeric ? undefined : serviceName(this.process, port, protocol)) ?? String(port));
    const host = this.#host(address, numeric);
    const room = ADDRESS_WIDTH - service.length - 1;
    const shown = this.parsed.has('-W') ? host : host.slice(0, room);
    return `${shown}:${service}`.padEnd(ADDRESS_WIDTH);
  }

  #host(address: Ip, numeric: boolean): string {
    const isAny = isWildcard(address);
    if (isAny && !numeric) return address.family === 4 ? '0.0.0.0' : '[::]';
    return (numeric || isAny ? undefined : reverseHost(this.process, address, this.netnsName)) ?? String(address);
  }
}

const TIMER_NAMES = { on: 'on', keepalive: 'keepalive', timewait: 'timewait', persist: 'probe' } as const;

function timerText({ timer }: DiagMessage): string {
  if (timer === undefined) return 'off (0.00/0/0)';
  return `${TIMER_NAMES[timer.kind]} (${(timer.left / 1_000_000).toFixed(2)}/${timer.retransmissions}/0)`;
}
