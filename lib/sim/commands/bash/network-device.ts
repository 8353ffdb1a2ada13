import { type Errno, ok, type Result, strerror } from '../../base/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import type { OpenFile, Process, Wait } from '../../os/index.ts';
import type { NetworkName } from '../../shell/index.ts';
import type { Node } from '../../world/index.ts';
import { lookUpService } from '../names.ts';
import { getAddresses } from '../socket/resolve.ts';
import { openSocket } from '../socket/socket.ts';

type Failure = { readonly errno: Errno; readonly complaint: string };

const refused = (errno: Errno, complaint: string): Result<never, Failure> => ({
  ok: false,
  error: { errno, complaint },
});

/** netopen() of bash: a connected socket, at no descriptor yet. */
export function* openDevice(
  process: Process,
  node: Node,
  { protocol, host, port }: NetworkName,
): Generator<Wait, Result<OpenFile, Failure>, void> {
  node.kernel.load(inet);
  const number = portNumber(process, protocol, port);
  if (number === undefined) return refused('EINVAL', `${port}: Servname not supported for ai_socktype`);
  const found = yield* getAddresses(process, node, host);
  if (!found.ok) return refused('EINVAL', `${host}: ${found.message}`);
  let errno: Errno = 'EINVAL';
  for (const address of found.addresses) {
    const socket = openSocket(process, node, address.family, protocol === 'tcp' ? 'stream' : 'dgram');
    const connected = yield* socket.connect({ address, port: number });
    const file = process.fds.get(socket.fd)?.retain();
    socket.close();
    if (connected.ok && file !== undefined) return ok(file);
    file?.release();
    if (!connected.ok) errno = connected.error.errno;
  }
  return refused(errno, `connect: ${strerror(errno)}`);
}

/** A number is taken modulo 2^16; nothing is 0. */
function portNumber(process: Process, protocol: 'tcp' | 'udp', text: string): number | undefined {
  if (/^\d*$/.test(text)) return Number(text) & 0xffff;
  const service = lookUpService(process, text);
  return service?.protocols.includes(protocol) === true ? service.port : undefined;
}
