import { SECOND, WaitQueue } from '../../base/index.ts';
import type { NetNs } from '../../kernel/index.ts';
import { type ConntrackEntry, conntrackOf, netfilter } from '../../kernel/netfilter/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { create, get, OperationFailed, update } from './change.ts';
import { filterOf } from './filter.ts';
import { HELP } from './help.ts';
import {
  type Arguments,
  CONNTRACK_OPTIONS,
  ConntrackError,
  NotSimulated,
  parseArguments,
  type Verb,
} from './options.ts';
import { entryLine, eventLine, type Shown } from './print.ts';
import { saveText, xmlText } from './print-other.ts';

const HEAD = 'conntrack v1.4.7 (conntrack-tools)';

/** conntrack of conntrack-tools 1.4.7: the connections of a namespace. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  try {
    const request = parseArguments(process.argv.slice(1));
    checkWords(request);
    return yield* VERBS[request.verb](process, ns, request);
  } catch (error) {
    if (error instanceof NotSimulated) return yield* notSimulated(process, 'conntrack', error.message);
    if (error instanceof OperationFailed) {
      yield* process.printError(`${HEAD}: Operation failed: ${error.message}\n`);
      return 1;
    }
    if (!(error instanceof ConntrackError)) throw error;
    yield* process.printError(
      `${HEAD}: ${error.message}\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`,
    );
    return 2;
  }
}

type Run = (process: Process, ns: NetNs, request: Arguments) => Generator<Wait, number, void>;

const VERBS: Readonly<Record<Verb, Run>> = {
  L: list,
  D: remove,
  F: flush,
  C: (process, ns, { table }) => print(process, `${table === 'conntrack' ? conntrackOf(ns).count : 0}\n`),
  S: (process, ns) => print(process, statistics(ns)),
  E: watch,
  I: insert,
  G: getOne,
  U: change,
  V: (process) => print(process, `${HEAD}\n`),
  h: (process) => print(process, HELP),
};

function* print(process: Process, text: string): Generator<Wait, number, void> {
  yield* process.print(text);
  return 0;
}

const OUTPUTS = ['xml', 'extended', 'timestamp', 'id', 'ktimestamp', 'labels', 'userspace', 'save'];
const EVENTS = ['ALL', 'NEW', 'UPDATES', 'DESTROY'];

const wordsOf = (values: Arguments['values'], flag: string): string[] => values.get(flag)?.split(',') ?? [];

/** Formats and events that there are. */
function checkWords({ values }: Arguments): void {
  const unknown =
    wordsOf(values, '-o').find((word) => !OUTPUTS.includes(word)) ??
    wordsOf(values, '-e').find((word) => !EVENTS.includes(word.toUpperCase()));
  if (unknown !== undefined) throw new ConntrackError(`Bad parameter \`${unknown}'`);
}

function shownIn(ns: NetNs, { values }: Arguments): Shown {
  const output = wordsOf(values, '-o');
  return {
    now: ns.kernel.events.now,
    counters: ns.netfilter.nf_conntrack_acct !== 0,
    id: output.includes('id'),
    extended: output.includes('extended'),
  };
}

const lines = (entries: readonly ConntrackEntry[], shown: Shown): string =>
  entries.map((entry) => `${entryLine(entry, shown)}\n`).join('');

/** The count goes to standard error, before the entries, which wait in a buffer. */
function* list(process: Process, ns: NetNs, request: Arguments): Generator<Wait, number, void> {
  if (request.table === 'expect') {
    yield* process.printError(`${HEAD}: 0 expectations have been shown.\n`);
    return 0;
  }
  const meant = filterOf(request.values);
  const entries = request.table === 'conntrack' ? conntrackOf(ns).entries().filter(meant) : [];
  const output = wordsOf(request.values, '-o');
  const { now } = ns.kernel.events;
  const xml = output.includes('xml');
  const text = output.includes('save') ? saveText(entries, now) : lines(entries, shownIn(ns, request));
  if (request.values.has('-z'))
    for (const { counters } of entries)
      for (const direction of ['original', 'reply'] as const)
        Object.assign(counters[direction], { packets: 0, bytes: 0 });
  if (xml) yield* process.print(xmlText(entries, now));
  yield* process.printError(`${HEAD}: ${entries.length} flow entries have been shown.\n`);
  if (!xml) yield* process.print(text);
  return 0;
}

function* remove(process: Process, ns: NetNs, request: Arguments): Generator<Wait, number, void> {
  const entries = conntrackOf(ns).entries().filter(filterOf(request.values));
  const text = lines(entries, shownIn(ns, request));
  for (const entry of entries) conntrackOf(ns).delete(entry, process.pid);
  yield* process.printError(`${HEAD}: ${entries.length} flow entries have been deleted.\n`);
  yield* process.print(text);
  return entries.length === 0 ? 1 : 0;
}

function* flush(process: Process, ns: NetNs, { table }: Arguments): Generator<Wait, number, void> {
  if (table === 'conntrack') conntrackOf(ns).flush(process.pid);
  const what = table === 'expect' ? 'expectation' : 'connection tracking';
  yield* process.printError(`${HEAD}: ${what} table has been emptied.\n`);
  return 0;
}

function* insert(process: Process, ns: NetNs, { values }: Arguments): Generator<Wait, number, void> {
  create(ns, values);
  yield* process.printError(`${HEAD}: 1 flow entries have been created.\n`);
  return 0;
}

function* getOne(process: Process, ns: NetNs, request: Arguments): Generator<Wait, number, void> {
  const entry = get(ns, request.values);
  yield* process.printError(`${HEAD}: 1 flow entries have been shown.\n`);
  yield* process.print(lines([entry], { ...shownIn(ns, request), use: 2 }));
  return 0;
}

function* change(process: Process, ns: NetNs, request: Arguments): Generator<Wait, number, void> {
  let entries: readonly ConntrackEntry[];
  try {
    entries = update(ns, request.values);
  } catch (error) {
    // The entry's own refusal comes first, then the command's.
    if (error instanceof OperationFailed) yield* process.printError(`Operation failed: ${error.message}\n`);
    throw error;
  }
  yield* process.printError(`${HEAD}: ${entries.length} flow entries have been updated.\n`);
  // The tool asks for each changed entry again, but hears only the first answer.
  yield* process.print(lines(entries.slice(0, 1), { ...shownIn(ns, request), use: 2 }));
  return entries.length === 0 ? 1 : 0;
}

function statistics(ns: NetNs): string {
  const { found, invalid, insert, insertFailed, drop, earlyDrop, error, clashResolve } = conntrackOf(ns).stats;
  return `cpu=0   \tfound=${found} invalid=${invalid} insert=${insert} insert_failed=${insertFailed} drop=${drop} early_drop=${earlyDrop} error=${error} search_restart=0 clash_resolve=${clashResolve} chaintoolong=0 \n`;
}

/** Seconds since 1970 with six places, as -o timestamp prints them. */
function timeOf({ machine }: Process): string {
  const now = machine.epoch + machine.events.now;
  return `${Math.floor(now / SECOND)}.${String(now % SECOND).padStart(6, '0')}`;
}

/** -E: until a signal ends it. */
function* watch(process: Process, ns: NetNs, request: Arguments): Generator<Wait, number, void> {
  const pending: string[] = [];
  const came = new WaitQueue();
  let stopped = false;
  const filter = filterOf(request.values);
  const timestamps = wordsOf(request.values, '-o').includes('timestamp');
  const events = wordsOf(request.values, '-e').map((word) => word.toUpperCase().replace(/S$/, ''));
  const end = conntrackOf(ns).subscribe(({ type, entry, by }) => {
    if ((events.length > 0 && !events.includes(type) && !events.includes('ALL')) || !filter(entry)) return;
    const stamp = timestamps ? `[${timeOf(process)}]\t` : '';
    pending.push(`${stamp}${eventLine(type, entry, shownIn(ns, request), by)}\n`);
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
      yield* process.waitFor(() => pending.length > 0 || stopped, [came]);
      count += pending.length;
      yield* process.print(pending.splice(0).join(''));
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
