import type { TranscriptBlock } from '@/lib/sim/session';
import type { FromWorker, SessionSpec, SimulatedFile, ToWorker } from './protocol';

export type Crash = { readonly message: string; readonly stack: string };

export type WorkerListener = {
  onMessage(message: FromWorker): void;
  /** The worker is gone: it threw, could not be loaded, or no longer answers. */
  onCrash(crash: Crash): void;
};

/** A worker that is silent for so long is taken for hung. Slices are 10 ms: this is a bug of ours or a starved machine. */
const SILENCE_MS = 15_000;
const ASK_EVERY_MS = 5_000;

/** The page's end of one worker, from its start to its end. A crash ends it; another client starts anew. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #listener: WorkerListener;
  readonly #requests = new Map<number, (message: FromWorker) => void>();
  #lastRequest = 0;
  #ended = false;
  #watch: ReturnType<typeof setInterval>;
  #unansweredSince: number | undefined;

  constructor(listener: WorkerListener) {
    this.#listener = listener;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'hopwise-simulator' });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#crash({
        message: event.message || 'The simulator could not be loaded.',
        stack: `${event.filename}:${event.lineno}`,
      });
    };
    this.#worker.onmessageerror = () =>
      this.#crash({ message: 'A message of the simulator could not be read.', stack: '' });
    this.#watch = setInterval(() => this.#askWhetherThere(), ASK_EVERY_MS);
  }

  open(spec: SessionSpec): void {
    this.send({ kind: 'open', spec });
  }

  send(message: ToWorker): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  async files(): Promise<readonly SimulatedFile[]> {
    const answer = await this.#ask((request) => ({ kind: 'files', request }));
    return answer.kind === 'files' ? answer.files : [];
  }

  async readFile(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const answer = await this.#ask((request) => ({ kind: 'read-file', request, path }));
    return answer.kind === 'file' ? answer.bytes : undefined;
  }

  async transcript(tty: number): Promise<readonly TranscriptBlock[]> {
    const answer = await this.#ask((request) => ({ kind: 'transcript', request, tty }));
    return answer.kind === 'transcript' ? answer.blocks : [];
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#watch);
    this.#worker.terminate();
  }

  #ask(question: (request: number) => ToWorker): Promise<FromWorker> {
    const request = ++this.#lastRequest;
    return new Promise((resolve) => {
      this.#requests.set(request, resolve);
      this.send(question(request));
    });
  }

  #receive(message: FromWorker): void {
    this.#unansweredSince = undefined;
    if (this.#ended) return;
    if (message.kind === 'crashed') return this.#crash({ message: message.message, stack: message.stack });
    if (message.kind === 'here') return;
    if ('request' in message) {
      this.#requests.get(message.request)?.(message);
      this.#requests.delete(message.request);
    } else this.#listener.onMessage(message);
  }

  #askWhetherThere(): void {
    if (document.visibilityState === 'hidden') {
      this.#unansweredSince = undefined;
      return;
    }
    const now = performance.now();
    if (this.#unansweredSince !== undefined && now - this.#unansweredSince > SILENCE_MS) {
      return this.#crash({ message: `The simulator has not answered for ${SILENCE_MS / 1000} seconds.`, stack: '' });
    }
    this.#unansweredSince ??= now;
    this.send({ kind: 'are-you-there', request: ++this.#lastRequest });
  }

  #crash(crash: Crash): void {
    if (this.#ended) return;
    this.end();
    this.#listener.onCrash(crash);
  }
}
