import type { Process, Signal } from '../os/index.ts';

export type JobState = 'Running' | 'Stopped' | 'Done';

/** A pipeline that was started in the background, or stopped. */
export type Job = {
  readonly number: number;
  readonly pgid: number;
  readonly processes: readonly Process[];
  readonly text: string;
  /** Job control gave it a process group of its own. */
  readonly ownGroup: boolean;
  /** The state last told to the person. */
  reported: JobState | undefined;
  background: boolean;
};

export const jobState = (job: Job): JobState => {
  if (job.processes.every((process) => process.exitStatus !== undefined)) return 'Done';
  return job.processes.some((process) => process.state === 'stopped') ? 'Stopped' : 'Running';
};

/** The status of a finished job is its last process's. */
export const jobStatus = (job: Job): number => job.processes.at(-1)?.exitStatus ?? 0;

export const jobSignal = (job: Job): Signal | undefined => job.processes.at(-1)?.endedBy;

/** How many finished jobs keep their status for `wait` (bash keeps CHILD_MAX of them). */
const REMEMBERED = 1_024;

/** The jobs of a shell: numbered, with a current one (%+) and a previous one (%-). */
export class JobTable {
  #jobs = new Map<number, Job>();
  /** Most recently used last. */
  #recent: number[] = [];
  /** Statuses of children that are gone, for `wait PID`. */
  readonly finished = new Map<number, number>();
  /** Jobs that a parent shell started: known here, but no children of this one. */
  readonly #inherited = new Set<Job>();

  /** What a command substitution sees of its parent's jobs. */
  inherit(): JobTable {
    const copy = new JobTable();
    copy.#jobs = new Map(this.#jobs);
    copy.#recent = [...this.#recent];
    for (const job of this.#jobs.values()) copy.#inherited.add(job);
    return copy;
  }

  /** The jobs that `wait` waits for. */
  own(): Job[] {
    return this.list().filter((job) => !this.#inherited.has(job));
  }

  add(job: Omit<Job, 'number'>): Job {
    const number = Math.max(0, ...this.#jobs.keys()) + 1;
    const added: Job = { ...job, number };
    this.#jobs.set(number, added);
    this.touch(added);
    return added;
  }

  touch(job: Job): void {
    this.#recent = [...this.#recent.filter((number) => number !== job.number), job.number];
  }

  remove(job: Job): void {
    this.#jobs.delete(job.number);
    this.#recent = this.#recent.filter((number) => number !== job.number);
    for (const process of job.processes) this.remember(process);
  }

  remember(process: Process): void {
    if (process.exitStatus === undefined) return;
    this.finished.set(process.vpid, process.exitStatus);
    if (this.finished.size > REMEMBERED) this.finished.delete(this.finished.keys().next().value as number);
  }

  list(): Job[] {
    return [...this.#jobs.values()].sort((a, b) => a.number - b.number);
  }

  get current(): Job | undefined {
    return this.#ranked()[0];
  }

  get previous(): Job | undefined {
    return this.#ranked()[1];
  }

  /** Stopped jobs before running ones, the latest first (JOB CONTROL). */
  #ranked(): Job[] {
    const recent = this.#recent
      .toReversed()
      .map((number) => this.#jobs.get(number))
      .filter((job) => job !== undefined);
    return [
      ...recent.filter((job) => jobState(job) === 'Stopped'),
      ...recent.filter((job) => jobState(job) !== 'Stopped'),
    ];
  }

  mark(job: Job): '+' | '-' | ' ' {
    return job === this.current ? '+' : job === this.previous ? '-' : ' ';
  }

  byPid(pid: number): Job | undefined {
    return this.list().find((job) => job.processes.some((process) => process.vpid === pid));
  }

  /** %1, %+, %%, %-, %text, %?text. 'ambiguous' when a text fits several. */
  find(spec: string): Job | undefined | 'ambiguous' {
    const text = spec.startsWith('%') ? spec.slice(1) : spec;
    if (text === '' || text === '+' || text === '%') return this.current;
    if (text === '-') return this.previous ?? this.current;
    if (/^\d+$/.test(text)) return this.#jobs.get(Number(text));
    const matches = this.list().filter((job) =>
      text.startsWith('?') ? job.text.includes(text.slice(1)) : job.text.startsWith(text),
    );
    return matches.length > 1 ? 'ambiguous' : matches[0];
  }
}
