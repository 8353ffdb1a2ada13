import { type Micros, SECOND } from '../../base/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated, type OptionSpec } from '../command.ts';
import { dnsPart } from '../socket/resolve.ts';
import { socketAt } from '../socket/socket.ts';
import { ABSENT, KNOWN_OPTIONS, PARAMETERS, parseAddress, type SocatAddress } from './address.ts';
import { Failure, logLine } from './failure.ts';
import { channelOf, isListener, listen, openAddress } from './open.ts';
import { transfer } from './transfer.ts';

const option = (flag: string, text: string, value?: string, simulated = true): OptionSpec => ({
  flags: [flag],
  text,
  simulated,
  ...(value === undefined ? {} : { value }),
});

/** socat 1.7.4: two addresses, and what one sends the other gets. */
export const socat: CommandSpec = {
  name: 'socat',
  path: '/usr/bin/socat',
  summary: 'relay data between two addresses: sockets, programs, files',
  modules: [inet],
  parts: [dnsPart],
  options: [
    option('-u', 'unidirectional mode (left to right)'),
    option('-U', 'unidirectional mode (right to left)'),
    option('-t', 'wait seconds before closing second channel', 'timeout'),
    option('-T', 'total inactivity timeout in seconds', 'timeout'),
    option('-d', 'increase verbosity'),
    option('-4', 'prefer IPv4 if version is not explicitly specified'),
    option('-6', 'prefer IPv6 if version is not explicitly specified'),
    option('-v', 'verbose text dump of data traffic', undefined, false),
    option('-x', 'verbose hexadecimal dump of data traffic', undefined, false),
    option('-V', 'print version and feature information to stdout', undefined, false),
    option('-h', 'print a help text', undefined, false),
    option('-b', 'set data buffer size', 'size', false),
    option('-lf', 'log to file', 'logfile', false),
  ],
  *run(process, node) {
    try {
      return yield* relay(process, node);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      yield* process.printError(logLine(process, error.message));
      return 1;
    }
  },
};

type Settings = {
  readonly direction: 'both' | 'right' | 'left';
  readonly grace: Micros;
  readonly idle: Micros | undefined;
};

function* relay(process: Process, node: Node): Generator<Wait, number, void> {
  let direction: Settings['direction'] = 'both';
  let grace = SECOND / 2;
  let idle: Micros | undefined;
  const args = process.argv.slice(1);
  for (let arg = args[0]; arg !== undefined && /^-./.test(arg); arg = args[0]) {
    args.shift();
    const flag = arg.slice(0, 2);
    const known = socat.options.find(({ flags }) => flags.includes(arg) || flags.includes(flag));
    if (known === undefined || arg === '-') throw new Failure(`unknown option "${arg}"; use option "-h" for help`);
    if (!known.simulated) return yield* notSimulated(process, 'socat', flag);
    const value = known.value === undefined ? 0 : Number(arg.length > 2 ? arg.slice(2) : args.shift()) * SECOND;
    if (flag === '-u') direction = 'right';
    else if (flag === '-U') direction = 'left';
    else if (flag === '-t') grace = value;
    else if (flag === '-T') idle = value;
  }
  if (args.length !== 2)
    throw new Failure(`exactly 2 addresses required (there are ${args.length}); use option "-h" for help`);
  const [left, right] = args.map(parseAddress) as [SocatAddress, SocatAddress];
  for (const address of [left, right]) {
    const refusal = refusalOf(address);
    if (refusal !== undefined) return yield* notSimulated(process, 'socat', refusal);
  }
  process.onSignal('PIPE', 'ignore');
  const settings = { direction, grace, idle };
  if (isListener(left) && left.options.has('fork')) return yield* serve(process, node, left, right, settings);
  const first = yield* openAddress({ process, node }, left);
  const second = yield* openAddress({ process, node }, right);
  yield* carry(process, first, second, settings);
  return 0;
}

/** Words that the real socat would not understand are errors; those that it would are named. */
function refusalOf({ type, parameters, options }: SocatAddress): string | undefined {
  if (!Object.hasOwn(PARAMETERS, type)) {
    if (ABSENT.test(type)) return type;
    throw new Failure(`unknown device/address "${type}"`);
  }
  const wanted = PARAMETERS[type] ?? 0;
  if (parameters.length !== wanted) {
    const name = type.replace(/-CONNECT$/, '');
    throw new Failure(`${name}: wrong number of parameters (${parameters.length} instead of ${wanted})`);
  }
  for (const name of options.keys())
    if (!KNOWN_OPTIONS.has(name)) throw new Failure(`parseopts_table(): unknown option "${name}"`);
  return undefined;
}

function* carry(
  process: Process,
  first: Parameters<typeof transfer>[1],
  second: Parameters<typeof transfer>[1],
  { direction, grace, idle }: Settings,
): Generator<Wait, void, void> {
  const [from, to] = direction === 'left' ? [second, first] : [first, second];
  yield* transfer(process, from, to, { oneWay: direction !== 'both', grace, idle });
}

/** With `fork` each caller gets a child of its own. */
function* serve(
  process: Process,
  node: Node,
  left: SocatAddress,
  right: SocatAddress,
  settings: Settings,
): Generator<Wait, number, void> {
  const listener = yield* listen({ process, node }, left);
  process.reapsChildren = true;
  for (;;) {
    const caller = yield* listener.next();
    const { fd } = caller;
    const child = process.trySpawn((own) => serveOne(own, node, fd, right, settings), {
      argv: process.argv,
      fork: true,
    });
    caller.close();
    if (!child.ok) throw new Failure('fork(): Resource temporarily unavailable');
  }
}

function* serveOne(
  process: Process,
  node: Node,
  fd: number,
  right: SocatAddress,
  settings: Settings,
): Generator<Wait, number, void> {
  const socket = socketAt(process, fd);
  if (socket === undefined) return 1;
  try {
    const second = yield* openAddress({ process, node }, right);
    yield* carry(process, channelOf(process, socket), second, settings);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    yield* process.printError(logLine(process, error.message));
    return 1;
  }
}
