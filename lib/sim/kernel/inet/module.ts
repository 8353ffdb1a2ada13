import { IPPROTO } from '../../wire/index.ts';
import type { KernelModule } from '../module.ts';
import { PROC_NET } from './proc-net.ts';
import { receiveTcp, tcpError } from './tcp/input.ts';
import { receiveUdp, udpError } from './udp/input.ts';

export const inet: KernelModule = {
  name: 'inet',
  builtIn: true,
  procNet: PROC_NET,
  ipProtocols: [
    { number: IPPROTO.udp, receive: receiveUdp, error: udpError },
    { number: IPPROTO.tcp, receive: receiveTcp, error: tcpError },
  ],
};
