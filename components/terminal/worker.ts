import { beginLoading, loadCommands, retryLoading, Session, SIM_VERSION } from '@/lib/sim/session';
import { Pacer, type Turn } from './pacer';
import type { FromWorker, SeenPacket, SessionSpec, ToWorker } from './protocol';
import { seenPacket } from './seen-packet';

/**
 * The simulator's own thread. Each message is short work; the world moves in slices between them, so that Ctrl-C always
 * comes through. What the simulator throws is told to the page and ends the session: the log, which the page holds, does not.
 */
const scope = self as unknown as DedicatedWorkerGlobalScope;

/** Output that the screen has not shown yet, in characters: beyond this the world waits for the screen. */
const MOST_UNSHOWN = 400_000;

/** Characters of output that a replay brings back to a screen. */
const MOST_REPLAYED = 200_000;

let session: Session | undefined;
let pacer: Pacer | undefined;
let spec: SessionSpec | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let unshown = 0;
let paused = false;
/** Of one slice of work: a picture of a flood needs no more. */
const MOST_PACKETS = 200;
const packets: SeenPacket[] = [];
const written = new Map<number, string[]>();
/** A message to oneself comes after those that wait, and without the 4 ms that timers add. */
const soon = new MessageChannel();
soon.port1.onmessage = turn;
let soonIsSet = false;

scope.onmessage = ({ data }: MessageEvent<ToWorker>) => guard(() => receive(data));
send({ kind: 'hello', simVersion: SIM_VERSION });
scope.addEventListener('unhandledrejection', (event) => crash(event.reason));

function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    crash(error);
  }
}

function send(message: FromWorker, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

function crash(error: unknown): void {
  clearTimeout(timer);
  flush();
  session = undefined;
  pacer = undefined;
  const known = error instanceof Error;
  send({ kind: 'crashed', message: known ? error.message : String(error), stack: known ? (error.stack ?? '') : '' });
}

function receive(message: ToWorker): void {
  if (message.kind === 'are-you-there') return send({ kind: 'here', request: message.request });
  if (message.kind === 'open') return open(message.spec);
  if (session === undefined) return;
  if (message.kind === 'files') return send({ kind: 'files', request: message.request, files: session.files() });
  if (message.kind === 'transcript') {
    return send({ kind: 'transcript', request: message.request, blocks: session.transcript(message.tty) });
  }
  if (message.kind === 'read-file') return readFile(session, message.request, message.path);
  if (message.kind === 'watch-packets') watchPackets(session);
  else if (message.kind === 'shown') unshown = Math.max(0, unshown - message.characters);
  else if (message.kind === 'tick') session.tick();
  else act(session, message);
  flush();
  schedule({ after: 'now' });
}

let fetching = false;

/** Somebody types: the programs come now, so that none is waited for when it is run. */
function fetchPrograms(): void {
  if (fetching) return;
  fetching = true;
  loadCommands().catch(() => {
    fetching = false;
  });
}

/** The network went away while a program was on its way: it is asked for again and again. */
const RETRY_MS = 2_000;
setInterval(retryLoading, RETRY_MS);

type Act = Extract<ToWorker, { kind: 'type' | 'run' | 'clear' | 'resize' | 'open-tty' | 'close-tty' }>;

function act(live: Session, message: Act): void {
  if (message.kind === 'type' || message.kind === 'run') fetchPrograms();
  pacer?.input(performance.now());
  switch (message.kind) {
    case 'type':
      return live.type(message.tty, message.keys);
    case 'run':
      return live.run(message.tty, message.command);
    case 'clear':
      return live.clear(message.tty);
    case 'resize':
      return live.resize(message.tty, message.columns, message.rows);
    case 'open-tty':
      return void live.openTty(message.tty);
    case 'close-tty':
      return live.closeTty(message.tty);
  }
}

function open(wanted: SessionSpec): void {
  spec = wanted;
  beginLoading([wanted.setup ?? '', ...wanted.log.map(({ data }) => data)].join('\n'));
  session = Session.open({
    ...wanted,
    output: (tty, text) => {
      const pieces = written.get(tty);
      if (pieces === undefined) written.set(tty, [text]);
      else pieces.push(text);
    },
    tell: (event) => {
      flush();
      send({ kind: 'event', event });
    },
  });
  pacer = new Pacer(session, performance.now());
  turn();
}

function watchPackets(live: Session): void {
  live.world.trace.subscribe((event) => {
    const packet = seenPacket(event);
    if (packet && packets.length < MOST_PACKETS) packets.push(packet);
  });
}

function readFile(live: Session, request: number, path: string): void {
  const bytes = live.readFile(path)?.slice();
  send({ kind: 'file', request, bytes }, bytes === undefined ? [] : [bytes.buffer]);
}

function turn(): void {
  clearTimeout(timer);
  soonIsSet = false;
  guard(() => {
    if (session === undefined || pacer === undefined || unshown > MOST_UNSHOWN) return;
    const before = performance.now();
    const next = pacer.turn(before);
    pacer.took(performance.now() - before);
    flush();
    tellState(session);
    schedule(next);
  });
}

function schedule({ after }: Turn): void {
  if (after === 'now' && !soonIsSet) {
    soonIsSet = true;
    soon.port2.postMessage(undefined);
  } else if (after === 'now') return;
  else if (after !== 'input') timer = setTimeout(turn, after);
}

function tellState(live: Session): void {
  const { phase, replayed } = live.progress;
  if (phase === 'replay') send({ kind: 'restoring', done: replayed, of: spec?.log.length ?? 0 });
  const isPaused = pacer?.isPaused(performance.now()) ?? false;
  if (isPaused !== paused) send({ kind: 'paused', paused: isPaused });
  paused = isPaused;
}

/**
 * Sends what was written since, in one message for each tab. What a replay writes is shown when it is done, and of much
 * output only the end, which is all that a screen keeps.
 */
function flush(): void {
  const replaying = session?.progress.phase === 'replay';
  for (const [tty, pieces] of written) {
    if (replaying) {
      written.set(tty, [ending(pieces.join(''))]);
      continue;
    }
    const text = pieces.join('');
    unshown += text.length;
    send({ kind: 'output', tty, text });
    written.delete(tty);
  }
  if (packets.length > 0) send({ kind: 'packets', packets: packets.splice(0) });
}

/** The last lines of a long text. */
function ending(text: string): string {
  if (text.length < 2 * MOST_REPLAYED) return text;
  return text.slice(text.indexOf('\n', text.length - MOST_REPLAYED) + 1);
}
