import { WaitQueue } from '../../base/index.ts';
import type { NetNs } from '../../kernel/index.ts';
import { conntrackOf, netfilter } from '../../kernel/netfilter/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { CONNTRACK_OPTIONS, ConntrackError, NotSimulated, parseArguments, type Request } from './options.ts';
import { entryLine, eventLine, type Shown } from './print.ts';

const HEAD = 'conntrack v1.4.7 (conntrack-tools)';

/** conntrack of conntrack-tools 1.4.7: the connections of a namespace. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  let request: Request;
  try {
    request = parseArguments(process.argv.slice(1));
  } catch (error) {
    if (error instanceof NotSimulated) return yield* notSimulated(process, 'conntrack', error.message);
    if (!(error instanceof ConntrackError)) throw error;
    yield* process.printError(
      `${HEAD}: ${error.message}\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`,
    );
    return 2;
  }
  switch (request.verb) {
    case 'L':
      return yield* list(process, ns, request);
    case 'D':
      return yield* remove(process, ns, request);
    case 'F':
      return yield* flush(process, ns, request);
    case 'C':
      yield* process.print(`${request.table === 'conntrack' ? conntrackOf(ns).count : 0}\n`);
      return 0;
    case 'S':
      yield* process.print(statistics(ns));
      return 0;
    case 'E':
      return yield* watch(process, ns, request);
    case 'V':
      yield* process.print(`${HEAD}\n`);
      return 0;
    case 'h':
      return yield* notSimulated(process, 'conntrack', '--help');
  }
}

const shownIn = (ns: NetNs, { output }: Request): Shown => ({
  now: ns.kernel.events.now,
  counters: ns.netfilter.nf_conntrack_acct !== 0,
  id: output.has('id'),
  extended: output.has('extended'),
});

/** The count goes to standard error, before the entries, which wait in a buffer. */
function* list(process: Process, ns: NetNs, request: Request): Generator<Wait, number, void> {
  if (request.table === 'expect') {
    yield* process.printError(`${HEAD}: 0 expectations have been shown.\n`);
    return 0;
  }
  const entries = request.table === 'conntrack' ? conntrackOf(ns).entries().filter(request.filter) : [];
  const shown = shownIn(ns, request);
  yield* process.printError(`${HEAD}: ${entries.length} flow entries have been shown.\n`);
  yield* process.print(entries.map((entry) => `${entryLine(entry, shown)}\n`).join(''));
  return 0;
}

function* remove(process: Process, ns: NetNs, request: Request): Generator<Wait, number, void> {
  const entries = conntrackOf(ns).entries().filter(request.filter);
  const shown = shownIn(ns, request);
  const lines = entries.map((entry) => `${entryLine(entry, shown)}\n`);
  for (const entry of entries) conntrackOf(ns).delete(entry);
  yield* process.printError(`${HEAD}: ${entries.length} flow entries have been deleted.\n`);
  yield* process.print(lines.join(''));
  return entries.length === 0 ? 1 : 0;
}

function* flush(process: Process, ns: NetNs, { table }: Request): Generator<Wait, number, void> {
  if (table === 'conntrack') conntrackOf(ns).flush();
  const what = table === 'expect' ? 'expectation' : 'connection tracking';
  yield* process.printError(`${HEAD}: ${what} table has been emptied.\n`);
  return 0;
}

function statistics(ns: NetNs): string {
  const { found, invalid, insert, insertFailed, drop, earlyDrop, error, clashResolve } = conntrackOf(ns).stats;
  return `cpu=0   \tfound=${found} invalid=${invalid} insert=${insert} insert_failed=${insertFailed} drop=${drop} early_drop=${earlyDrop} error=${error} search_restart=0 clash_resolve=${clashResolve} chaintoolong=0 \n`;
}

/** -E: until a signal ends it. */
function* watch(process: Process, ns: NetNs, request: Request): Generator<Wait, number, void> {
  const lines: string[] = [];
  const came = new WaitQueue();
  let stopped = false;
  const { events, filter } = request;
  const end = conntrackOf(ns).subscribe(({ type, entry }) => {
    if ((events.size > 0 && !events.has(type) && !events.has('ALL')) || !filter(entry)) return;
    lines.push(`${eventLine(type, entry, shownIn(ns, request))}\n`);
    came.wake();
  });
  const stop = (): void => {
    stopped = true;
    came.wake();
  };
  process.onSignal('INT', stop);
  process.onSignal('TERM', stop);
  try {
    let count = 0;
    for (;;) {
      yield* process.waitFor(() => lines.length > 0 || stopped, [came]);
      count += lines.length;
      yield* process.print(lines.splice(0).join(''));
      if (!stopped) continue;
      yield* process.printError(`${HEAD}: ${count} flow events have been shown.\n`);
      return 0;
    }
  } finally {
    end();
  }
}

export const conntrack: CommandSpec = {
  name: 'conntrack',
  path: '/usr/sbin/conntrack',
  summary: 'show and change tracked connections',
  options: CONNTRACK_OPTIONS,
  modules: [netfilter],
  run,
};
