import { done, type Errno, fail, type Micros, ok, type Result, type WaitQueue } from '../../base/index.ts';
import type { Family, NetNs } from '../../kernel/index.ts';
import { type SocketAddress, type SocketOptions, TcpSocket, UdpSocket } from '../../kernel/inet/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { SocketFile } from './socket-file.ts';

export type { SocketAddress, SocketOptions } from '../../kernel/inet/index.ts';

const DEFAULT_READ = 65_536;

/** socket(2), in the network namespace of the process. The descriptor is taken already. The command lists `inet` in its modules. */
export function openSocket(
  process: Process,
  node: Node,
  family: Family,
  type: 'stream' | 'dgram',
  lowestFd = 0,
): Socket {
  const ns = node.kernel.netns(process.netns) as NetNs;
  const file = new SocketFile(type === 'stream' ? new TcpSocket(ns, family) : new UdpSocket(ns, family));
  return new Socket(process, process.addFd(file, lowestFd), file);
}

/** The socket behind a descriptor, of a process that inherited it; undefined when it is something else. */
export function socketAt(process: Process, fd: number): Socket | undefined {
  const file = process.fds.get(fd);
  return file instanceof SocketFile ? new Socket(process, fd, file) : undefined;
}

/** A process's handle on a socket's descriptor: the system calls, which block as the program's generator. */
export class Socket {
  constructor(
    private readonly process: Process,
    readonly fd: number,
    private readonly file: SocketFile,
  ) {}

  private get socket(): TcpSocket | UdpSocket {
    return this.file.socket;
  }

  get family(): Family {
    return this.socket.family;
  }

  get type(): 'stream' | 'dgram' {
    return this.socket instanceof TcpSocket ? 'stream' : 'dgram';
  }

  /** setsockopt(2): what is written here holds from now on. */
  get options(): SocketOptions {
    return this.socket.options;
  }

  /** getsockname(2) */
  get local(): SocketAddress {
    return this.socket.localAddress;
  }

  /** getpeername(2); undefined: ENOTCONN. */
  get remote(): SocketAddress | undefined {
    return this.socket.remoteAddress;
  }

  get canRead(): boolean {
    return this.socket.canRead;
  }

  get canWrite(): boolean {
    return this.socket.canWrite;
  }

  get readable(): WaitQueue {
    return this.socket.readable;
  }

  get writable(): WaitQueue {
    return this.socket.writable;
  }

  /** SO_ERROR: what went wrong since it was asked last. */
  takeError(): Errno | undefined {
    return this.socket.takeError();
  }

  bind(to: SocketAddress): Result<void> {
    return this.socket.bind(to);
  }

  listen(backlog: number): Result<void> {
    return this.socket instanceof TcpSocket ? this.socket.listen(backlog) : fail('EOPNOTSUPP');
  }

  /**
   * connect(2), to its end: ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH … EINPROGRESS when `deadline` (virtual time)
   * comes first, EINTR after a signal with a handler; the connection may still come to be then.
   */
  *connect(to: SocketAddress, deadline?: Micros): Generator<Wait, Result<void>, void> {
    const { socket } = this;
    const begun = socket.connect(to);
    if (!(socket instanceof TcpSocket) || begun.ok || begun.error.errno !== 'EINPROGRESS') return begun;
    yield* this.file.settle();
    return yield* this.connected(deadline);
  }

  /** What becomes of a connection that `connect` began. */
  *connected(deadline?: Micros): Generator<Wait, Result<void>, void> {
    const { socket } = this;
    if (!(socket instanceof TcpSocket)) return done;
    const isDecided = (): boolean => socket.state !== 'SYN_SENT' && socket.state !== 'SYN_RECV';
    if (!(yield* this.#wait(isDecided, socket.writable, deadline)))
      return fail(this.#isPast(deadline) ? 'EINPROGRESS' : 'EINTR');
    const error = socket.takeError();
    return error === undefined ? done : fail(error);
  }

  /** accept(2): the new connection, at a descriptor of its own. EAGAIN at the deadline, EINTR. */
  *accept(deadline?: Micros): Generator<Wait, Result<Socket>, void> {
    const { socket } = this;
    if (!(socket instanceof TcpSocket)) return fail('EOPNOTSUPP');
    if (!(yield* this.#wait(() => socket.canRead, socket.readable, deadline))) return this.#gaveUp(deadline);
    const accepted = socket.accept();
    if (!accepted.ok) return accepted;
    const file = new SocketFile(accepted.value);
    return ok(new Socket(this.process, this.process.addFd(file), file));
  }

  /** Sends all of it. EPIPE raises SIGPIPE, as write(2) does. */
  *send(bytes: Uint8Array): Generator<Wait, Result<number>, void> {
    return yield* this.process.write(this.fd, bytes);
  }

  /** Up to `size` bytes; none at the end of the stream. EAGAIN at the deadline, EINTR, ECONNRESET, ECONNREFUSED (UDP) … */
  *receive(size = DEFAULT_READ, deadline?: Micros): Generator<Wait, Result<Uint8Array>, void> {
    if (!(yield* this.#wait(() => this.canRead, this.readable, deadline))) return this.#gaveUp(deadline);
    return yield* this.process.read(this.fd, size);
  }

  /** What fits of it, without waiting; EAGAIN: nothing does. */
  *sendNow(bytes: Uint8Array): Generator<Wait, Result<number>, void> {
    const sent = this.socket.send(bytes);
    yield* this.file.settle();
    return sent;
  }

  /** What is there, without waiting; EAGAIN: nothing is. */
  receiveNow(size = DEFAULT_READ): Result<Uint8Array> {
    const { socket } = this;
    if (socket instanceof TcpSocket) return socket.receive(size);
    const datagram = socket.receive();
    return datagram.ok ? ok(datagram.value.data.subarray(0, size)) : datagram;
  }

  /** sendto(2) of a datagram. */
  *sendTo(bytes: Uint8Array, to: SocketAddress): Generator<Wait, Result<number>, void> {
    const { socket } = this;
    if (!(socket instanceof UdpSocket)) return fail('EISCONN');
    const sent = socket.send(bytes, to);
    yield* this.file.settle();
    return sent;
  }

  /** recvfrom(2) */
  *receiveFrom(deadline?: Micros): Generator<Wait, Result<{ data: Uint8Array; from: SocketAddress }>, void> {
    const { socket } = this;
    if (!(socket instanceof UdpSocket)) return fail('ENOTCONN');
    if (!(yield* this.#wait(() => socket.canRead, socket.readable, deadline))) return this.#gaveUp(deadline);
    return socket.receive();
  }

  /** recvfrom(2) with MSG_PEEK: the datagram stays. */
  *peek(deadline?: Micros): Generator<Wait, Result<{ data: Uint8Array; from: SocketAddress }>, void> {
    const { socket } = this;
    if (!(socket instanceof UdpSocket)) return fail('EOPNOTSUPP');
    if (!(yield* this.#wait(() => socket.canRead, socket.readable, deadline))) return this.#gaveUp(deadline);
    return socket.peek();
  }

  shutdown(how: 'read' | 'write' | 'both'): Result<void> {
    return this.socket instanceof TcpSocket ? this.socket.shutdown(how) : done;
  }

  /** close(2) of this descriptor: the socket goes with its last one. */
  close(): void {
    this.process.closeFd(this.fd);
  }

  *#wait(condition: () => boolean, queue: WaitQueue, deadline: Micros | undefined): Generator<Wait, boolean, void> {
    return yield* this.process.waitFor(condition, [queue], deadline);
  }

  #isPast(deadline: Micros | undefined): boolean {
    return deadline !== undefined && this.process.machine.events.now >= deadline;
  }

  #gaveUp(deadline: Micros | undefined): Result<never> {
    return fail(this.#isPast(deadline) ? 'EAGAIN' : 'EINTR');
  }
}
