import type { Process } from '../../os/index.ts';
import { lookUpService } from '../names.ts';
import { failure } from './options.ts';

/** The port of getaddrinfo(3): a number or a service. */
export function portNumber(process: Process, text: string, protocol: 'tcp' | 'udp'): number {
  if (/^\d+$/.test(text) && Number(text) <= 65535) return Number(text);
  const service = lookUpService(process, text);
  if (service?.protocols.includes(protocol) === true) return service.port;
  throw failure('getaddrinfo: Servname not supported for ai_socktype');
}
