import { writeFileSync } from 'node:fs';
import { type CapturedPacket, namedNamespaces, pcapFile } from '../sim/commands/index.ts';
import { runTranscript } from '../sim/conformance/index.ts';
import { getLink, type NetNs, openTap } from '../sim/kernel/index.ts';
import type { World } from '../sim/world/index.ts';
import { parseCommandLine, readTranscript } from './files.ts';
import { UsageError } from './usage-error.ts';

const SNAPSHOT = 262_144;

/** `pcap --device MACHINE/NETNS/DEV --out F.pcap FILE`: every frame that the device saw while FILE ran. */
export function pcapCommand(args: string[]): number {
  const { options, files } = parseCommandLine(args, ['device', 'out', 'seed']);
  const [file, ...others] = files;
  if (options.device === undefined) throw new UsageError('--device MACHINE/NETNS/DEV is missing');
  if (options.out === undefined) throw new UsageError('--out FILE is missing');
  if (file === undefined || others.length > 0) throw new UsageError('exactly one transcript must be given');
  const [machine = '', netns = '', device = ''] = options.device.split('/');
  if (device === '')
    throw new UsageError(
      '--device is written MACHINE/NETNS/DEV; NETNS is "-" or "init" for the machine\'s own namespace',
    );
  const packets: CapturedPacket[] = [];
  runTranscript(readTranscript(file), {
    seed: options.seed ?? 1,
    opened: (world) => watch(world, { machine, netns, device }, packets),
  });
  writeFileSync(options.out, pcapFile('EN10MB', SNAPSHOT, packets));
  process.stderr.write(`${packets.length} frame${packets.length === 1 ? '' : 's'} on ${options.device}\n`);
  return 0;
}

type Place = { readonly machine: string; readonly netns: string; readonly device: string };

/** The device may come to be long after the world: it is looked for again after every event until it is there. */
function watch(world: World, { machine, netns, device }: Place, packets: CapturedPacket[]): void {
  const node = world.nodes.find((one) => one.name === machine);
  if (node === undefined)
    throw new UsageError(`there is no machine "${machine}"; there is ${world.nodes.map((one) => one.name).join(', ')}`);
  let watched: { ns: NetNs; ifindex: number } | undefined;
  const look = (): void => {
    const ns = netns === '-' || netns === 'init' || netns === '' ? node.kernel.init : namedNamespaces(node).get(netns);
    const link = ns === undefined ? undefined : getLink(ns, device);
    if (ns !== undefined && link !== undefined && (watched?.ns !== ns || watched.ifindex !== link.ifindex)) {
      watched = { ns, ifindex: link.ifindex };
      openTap(ns, {
        ifindex: link.ifindex,
        onFrame: (frame) => {
          const bytes = frame.bytes();
          packets.push({ at: node.machine.epoch + frame.at, bytes, wireLength: bytes.length });
        },
      });
    }
    world.events.after(LOOK_EVERY, look);
  };
  look();
}

/** Devices come by commands, which take longer than this. */
const LOOK_EVERY = 100;
