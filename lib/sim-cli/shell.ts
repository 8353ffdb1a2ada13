import { loadCommands, Session } from '../sim/session/index.ts';
import { parseCommandLine } from './files.ts';
import { UsageError } from './usage-error.ts';

const SLICE_MS = 8;
const BUDGET = 20_000;

/** `shell [--world 'host seed=7']`: the simulator in this terminal, at the pace of the clock on the wall. */
export async function shellCommand(args: string[]): Promise<number> {
  const { options, files } = parseCommandLine(args, ['world', 'seed']);
  if (files.length > 0) throw new UsageError('shell takes no files');
  await loadCommands();
  const { stdin, stdout } = process;
  const ended = new Promise<void>((resolve) => {
    const session = Session.open({
      world: options.world ?? 'host',
      seed: Number(options.seed ?? 1),
      columns: stdout.columns ?? 80,
      rows: stdout.rows ?? 24,
      output: (_tty, text) => stdout.write(text),
      tell: (event) => {
        if (event.kind === 'ended') resolve();
      },
    });
    pace(session, resolve);
  });
  if (stdin.isTTY) stdin.setRawMode(true);
  await ended;
  if (stdin.isTTY) stdin.setRawMode(false);
  stdin.pause();
  stdout.write('\n');
  return 0;
}

/** Moves virtual time with real time; keys go in as they come. */
function pace(session: Session, finish: () => void): void {
  const { stdin, stdout } = process;
  const started = performance.now();
  let offset = session.now;
  let live = false;
  let early = '';
  const timer = setInterval(() => {
    const progress = session.advance(offset + Math.round((performance.now() - started) * 1000), BUDGET);
    if (progress.phase === 'live' && !live) {
      live = true;
      session.type(0, early);
      offset = progress.now - Math.round((performance.now() - started) * 1000);
    }
  }, SLICE_MS);
  session.openTty(0);
  stdin.setEncoding('utf8');
  stdin.on('data', (keys) => {
    if (live) session.type(0, String(keys));
    else early += String(keys);
  });
  stdin.on('end', () => {
    clearInterval(timer);
    finish();
  });
  stdout.on('resize', () => session.resize(0, stdout.columns, stdout.rows));
}
