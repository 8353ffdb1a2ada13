import { randomUUID } from 'node:crypto';
import { type EventOf, limits, type Rejection } from '../../progress/index.ts';
import type { Prisma, Transaction } from '../db/index.ts';

type Appended = EventOf<'terminal.appended'>;
type Resumed = EventOf<'terminal.resumed'>;
type BranchKey = { learnerId: string; lessonId: string; terminalId: string; branch: string };
type Log = BranchKey & { id: string; length: number; bytes: number; simVersion: number; seed: number; updatedAt: Date };

export type Outcome = { ok: true } | { ok: false; reason: Rejection; message: string };

const done: Outcome = { ok: true };

/**
 * The terminals' logs that a batch of events touches. An append says from which length on it goes; if the log has
 * another, somebody else went on with this branch, and the browser makes a branch of its own: nothing is overwritten.
 */
export class LogTable {
  readonly #logs = new Map<string, Log>();
  readonly #known = new Set<string>();
  readonly #fresh = new Set<Log>();
  readonly #changed = new Set<Log>();
  readonly #chunks: Prisma.TerminalChunkCreateManyInput[] = [];

  static async read(tx: Transaction, events: { learnerId: string; event: Appended | Resumed }[]): Promise<LogTable> {
    const table = new LogTable();
    if (events.length === 0) return table;
    const logs = await tx.terminalLog.findMany({
      where: {
        learnerId: { in: events.map(({ learnerId }) => learnerId) },
        branch: { in: events.map(({ event }) => event.branch) },
      },
    });
    for (const log of logs) table.#logs.set(keyOf(log), log);
    await table.#readKnown(tx, events);
    return table;
  }

  /** Only an append to an earlier place than the log's end can be one that was stored before. */
  async #readKnown(tx: Transaction, events: { learnerId: string; event: Appended | Resumed }[]): Promise<void> {
    const again = events.flatMap(({ learnerId, event }) => {
      const log = this.#logs.get(keyOf({ learnerId, ...event }));
      return log && event.type === 'terminal.appended' && event.from < log.length ? [{ log, event }] : [];
    });
    if (again.length === 0) return;
    const where = {
      logId: { in: again.map(({ log }) => log.id) },
      eventId: { in: again.map(({ event }) => event.id) },
    };
    const chunks = await tx.terminalChunk.findMany({ where, select: { logId: true, eventId: true } });
    for (const { logId, eventId } of chunks) this.#known.add(`${logId} ${eventId}`);
  }

  append(learnerId: string, event: Appended, bytes: number, now: Date): Outcome {
    const known = this.#logs.get(keyOf({ learnerId, ...event }));
    if (known && this.#known.has(`${known.id} ${event.id}`)) return done;
    const length = known?.length ?? 0;
    if (event.from !== length)
      return refuse(
        'conflict',
        `This log has ${length} entries, not ${event.from}: another tab or device went on with it.`,
      );
    if ((known?.bytes ?? 0) + bytes > limits.log)
      return refuse('log-full', 'This terminal has recorded all it can (2 MB). Reset it to go on recording.');
    const log = known ?? this.#create(learnerId, event, now);
    this.#known.add(`${log.id} ${event.id}`);
    this.#chunks.push({ eventId: event.id, logId: log.id, start: event.from, entries: JSON.stringify(event.entries) });
    this.#touch(log, { length: length + event.entries.length, bytes: log.bytes + bytes, updatedAt: now });
    return done;
  }

  resume(learnerId: string, event: Resumed, now: Date): Outcome {
    const log = this.#logs.get(keyOf({ learnerId, ...event }));
    if (!log) return refuse('unknown-branch', 'There is no such earlier state of this terminal.');
    this.#touch(log, { updatedAt: now });
    return done;
  }

  async write(tx: Transaction): Promise<void> {
    if (this.#fresh.size > 0) await tx.terminalLog.createMany({ data: [...this.#fresh] });
    for (const { id, length, bytes, updatedAt } of this.#changed)
      await tx.terminalLog.updateMany({ where: { id }, data: { length, bytes, updatedAt } });
    if (this.#chunks.length > 0) await tx.terminalChunk.createMany({ data: this.#chunks });
  }

  #create(learnerId: string, { lessonId, terminalId, branch, simVersion, seed }: Appended, now: Date): Log {
    const log = {
      id: randomUUID(),
      learnerId,
      lessonId,
      terminalId,
      branch,
      simVersion,
      seed,
      length: 0,
      bytes: 0,
      updatedAt: now,
    };
    this.#logs.set(keyOf(log), log);
    this.#fresh.add(log);
    return log;
  }

  #touch(log: Log, change: Partial<Log>): void {
    Object.assign(log, change);
    if (!this.#fresh.has(log)) this.#changed.add(log);
  }
}

function refuse(reason: Rejection, message: string): Outcome {
  return { ok: false, reason, message };
}

function keyOf({ learnerId, lessonId, terminalId, branch }: BranchKey): string {
  return [learnerId, lessonId, terminalId, branch].join(' ');
}
