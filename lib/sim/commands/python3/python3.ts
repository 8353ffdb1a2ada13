import { inet } from '../../kernel/inet/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { dnsPart } from '../socket/resolve.ts';
import { serveHttp } from './http-server.ts';
import { jsonTool } from './json-tool.ts';
import { Output } from './output.ts';

/** Two modules of Python 3.11 that people use with networks. The language itself is not here. */
export const python3: CommandSpec = {
  name: 'python3',
  aliases: ['python3.11'],
  path: '/usr/bin/python3',
  summary: 'python3 -m http.server and python3 -m json.tool',
  options: [
    option('-m', 'run a module: http.server or json.tool', 'MODULE'),
    option('-u', 'write standard output at once'),
    option('-V --version', 'print the version'),
    missing('-c', 'run a program', 'PROGRAM'),
  ],
  modules: [inet],
  parts: [dnsPart],
  run,
};

const USAGE = `usage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...
Try \`python -h' for more information.
`;
/** What the interpreter needs to start and to import the module. */
const START = 150_000;

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const words = process.argv.slice(1);
  let unbuffered = false;
  for (let word = words.shift(); ; word = words.shift()) {
    if (word === '-u') unbuffered = true;
    else if (word === '-V' || word === '--version') {
      yield* process.print('Python 3.11.2\n');
      return 0;
    } else if (word?.startsWith('-m')) {
      const module = word === '-m' ? words.shift() : word.slice(2);
      if (module !== undefined) return yield* runModule(process, node, module, words, new Output(process, unbuffered));
      yield* process.printError(`Argument expected for the -m option\n${USAGE}`);
      return 2;
    } else if (word?.startsWith('-') === true && word !== '-' && !'bBdEhiIOPqRsSvWxXc?'.includes(word[1] as string)) {
      yield* process.printError(`Unknown option: -${word[1]}\n${USAGE}`);
      return 2;
    } else return yield* refuse(process, word);
  }
}

/** The language is not simulated: programs, and the interpreter that asks for them. */
function* refuse(process: Process, word: string | undefined): Generator<Wait, number, void> {
  if (word !== undefined && !word.startsWith('-') && !process.machine.fs.stat(process.path(word), process).ok) {
    yield* process.printError(
      `python3: can't open file '${process.path(word)}': [Errno 2] No such file or directory\n`,
    );
    return 2;
  }
  const what =
    word === undefined || word === '-' ? 'the Python language' : word.startsWith('-') ? word.slice(0, 2) : word;
  return yield* notSimulated(process, 'python3', what);
}

function* runModule(
  process: Process,
  node: Node,
  module: string,
  args: readonly string[],
  output: Output,
): Generator<Wait, number, void> {
  yield* process.sleep(START);
  if (module === 'json.tool') return yield* jsonTool(process, args);
  if (module !== 'http.server') return yield* notSimulated(process, 'python3', `-m ${module}`);
  const settings = readArguments(process, args);
  if ('usage' in settings) {
    if (settings.status === 0) yield* process.print(settings.usage);
    else yield* process.printError(settings.usage);
    return settings.status;
  }
  if ('missing' in settings) return yield* notSimulated(process, 'python3', settings.missing);
  const status = yield* serveHttp(process, node, settings, output);
  yield* output.flush();
  return status;
}

type Arguments =
  | { readonly port: number; readonly bind: string | undefined; readonly directory: string }
  | { readonly usage: string; readonly status: number }
  | { readonly missing: string };

const SERVER_USAGE = 'usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\n';
const SERVER_HELP = `${SERVER_USAGE}
positional arguments:
  port                  bind to this port (default: 8000)

options:
  -h, --help            show this help message and exit
  --cgi                 run as CGI server
  -b ADDRESS, --bind ADDRESS
                        bind to this address (default: all interfaces)
  -d DIRECTORY, --directory DIRECTORY
                        serve this directory (default: current directory)
  -p VERSION, --protocol VERSION
                        conform to this HTTP version (default: HTTP/1.0)
`;

const VALUES: Readonly<Record<string, string>> = {
  '-b': '-b/--bind',
  '--bind': '-b/--bind',
  '-d': '-d/--directory',
  '--directory': '-d/--directory',
  '-p': '-p/--protocol',
  '--protocol': '-p/--protocol',
};

/** What argparse makes of the words behind `-m http.server`. */
function readArguments(process: Process, args: readonly string[]): Arguments {
  const error = (message: string): Arguments => ({
    usage: `${SERVER_USAGE}server.py: error: ${message}\n`,
    status: 2,
  });
  const values = new Map<string, string>();
  const unknown: string[] = [];
  let port: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string;
    const [name = '', joined] = word.startsWith('--') ? word.split(/=(.*)/s) : [word.slice(0, 2), word.slice(2)];
    const option = VALUES[name];
    if (word === '-h' || word === '--help') return { usage: SERVER_HELP, status: 0 };
    if (word === '--cgi') return { missing: 'http.server --cgi' };
    if (option !== undefined) {
      const value = joined === undefined || joined === '' ? args[++i] : joined;
      if (value === undefined || /^-\D/.test(value)) return error(`argument ${option}: expected one argument`);
      values.set(option, value);
    } else if (/^-\D/.test(word) || port !== undefined) unknown.push(word);
    else port = word;
  }
  if (port !== undefined && !/^\s*[+-]?\d+\s*$/.test(port)) {
    return error(`argument port: invalid int value: '${port}'`);
  }
  if (unknown.length > 0) return error(`unrecognized arguments: ${unknown.join(' ')}`);
  const protocol = values.get('-p/--protocol');
  if (protocol !== undefined && protocol !== 'HTTP/1.0') return { missing: `http.server -p ${protocol}` };
  return {
    port: port === undefined ? 8000 : Number(port),
    bind: values.get('-b/--bind'),
    directory: values.get('-d/--directory') ?? process.cwd,
  };
}
