/**
 * The door of the simulator: a world with terminals on it. Open a session, type, move virtual time, read what the screens
 * show; keep the log of entries that it tells, and the same session can be opened again anywhere.
 *
 *   await loadCommands();
 *   const session = Session.open({ world: 'host', seed: 1, log, output: show, tell: keep });
 *   session.type(0, 'ip link\r');
 *   session.advance(session.now + 50_000, 10_000);
 *
 * Programs load when they are first used: where nothing loaded them before, time stands still meanwhile (`loading`), and
 * `advance` is to be called again.
 *
 * The same in a browser's worker and in Node. Who holds a session ties virtual time to wall time, or does not.
 * Keys, prompts, completion and what is echoed are here (editor/); the shell and its programs know nothing of them.
 */
export { beginLoading, type CommandFacts, commandFacts, loadCommands, pluginFacts, retryLoading } from './catalogue.ts';
export { isLogEntry, type LogEntry, type LogKind, MOST_TTYS, parseLog, SIM_VERSION } from './log.ts';
export { type Progress, Session, type SessionEvent, type SessionOptions } from './session.ts';
export { type Screens, type Sinks, Standby, type StandbyOptions } from './standby.ts';
export type { TranscriptBlock } from './transcript.ts';
