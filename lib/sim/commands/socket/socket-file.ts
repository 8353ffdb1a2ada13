import { ok, type Result } from '../../base/index.ts';
import { TcpSocket, type UdpSocket } from '../../kernel/inet/index.ts';
import { Description } from '../../os/index.ts';

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

  protected override closed(): void {
    this.socket.close();
  }
}
