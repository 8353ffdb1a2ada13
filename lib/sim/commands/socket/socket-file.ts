import { type Micros, ok, type Result } from '../../base/index.ts';
import { TcpSocket, type UdpSocket } from '../../kernel/inet/index.ts';
import { Description, type Wait } from '../../os/index.ts';

/** The network softirq's work that one system call waits for, at most; and how long between two looks. */
const SOFTIRQ_ROUNDS = 24;
const SOFTIRQ_LOOK: Micros = 8;

/** The open file description of a socket: what read(2) and write(2) do with it. It closes with its last descriptor. */
export class SocketFile extends Description {
  readonly kind = 'socket';
  readonly path: string;

  constructor(readonly socket: TcpSocket | UdpSocket) {
    super(socket.readable, socket.writable);
    this.path = `socket:[${socket.ino}]`;
  }

  read(size: number, delimiter?: number): Result<Uint8Array | 'eof' | 'again'> {
    const { socket } = this;
    if (!(socket instanceof TcpSocket)) {
      const datagram = socket.receive();
      if (!datagram.ok) return datagram.error.errno === 'EAGAIN' ? ok('again') : datagram;
      return ok(datagram.value.data.subarray(0, size));
    }
    const line = delimiter === undefined ? -1 : socket.receiveQueue.find(delimiter);
    const data = socket.receive(line === -1 ? size : Math.min(size, line));
    if (!data.ok) return data.error.errno === 'EAGAIN' ? ok('again') : data;
    return ok(data.value.length === 0 ? 'eof' : data.value);
  }

  write(data: Uint8Array): Result<number> {
    const sent = this.socket.send(data);
    return !sent.ok && sent.error.errno === 'EAGAIN' ? ok(0) : sent;
  }

  /**
   * Packets that a system call sends over virtual devices are worked off by the softirq of its own processor before it
   * returns, answers and all: a program never overtakes them.
   */
  *settle(): Generator<Wait, void, void> {
    const { backlog, events } = this.socket.ns.kernel;
    for (let i = 0; i < SOFTIRQ_ROUNDS && backlog.length > 0; i++) yield { until: events.now + SOFTIRQ_LOOK };
  }

  protected override closed(): void {
    this.socket.close();
  }
}
