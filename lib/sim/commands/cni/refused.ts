import { notSimulated } from '../command.ts';
import { load } from './config.ts';
import { CniError, NotSimulated } from './error.ts';
import { errnoText } from './go-text.ts';
import { string, struct } from './json/decode.ts';
import { type Call, type CniPlugin, cniPlugin } from './plugin.ts';

/** Plugins that lie on the machine and say of what they do that it is not simulated; how they are called is checked. */
function refused(name: string, summary: string, since?: string) {
  const verb = (): never => {
    throw new NotSimulated(summary.slice(summary.indexOf(': ') + 2));
  };
  const plugin: CniPlugin = { name, summary, keys: [], add: verb, check: verb, del: verb };
  return cniPlugin(since === undefined ? plugin : { ...plugin, since });
}

export const sbr = refused('sbr', 'CNI plugin: routing by the source address');
export const vrf = refused('vrf', 'CNI plugin: a virtual routing and forwarding domain', '0.3.1');

const configuration = struct('NetConf', { ipam: struct('IPAMConfig', { daemonSocketPath: string }) });

/** Asks a daemon, which nobody can start here. */
export const dhcp = cniPlugin({
  name: 'dhcp',
  summary: 'CNI plugin: asks a DHCP server for an address, by a daemon',
  keys: [['daemon', 'the daemon itself', false]],
  add: dial,
  check: dial,
  del: dial,
  otherwise: (process) => (process.argv[1] === 'daemon' ? notSimulated(process, 'dhcp', 'the daemon') : undefined),
});

function dial({ process, input }: Call): never {
  const { ipam } = load(configuration, input, 'error obtaining socketPath: error parsing socket path conf');
  const socket = ipam.daemonSocketPath === '' ? '/run/cni/dhcp.sock' : ipam.daemonSocketPath;
  const there = process.machine.fs.stat(process.path(socket), process);
  // A file that nobody listens at.
  const errno = there.ok ? 'ECONNREFUSED' : there.error.errno;
  throw new CniError(`error dialing DHCP daemon: dial unix ${socket}: connect: ${errnoText(errno)}`);
}
