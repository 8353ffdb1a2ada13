import { strerror } from '../../base/index.ts';
import { concatBytes, encodeText, type OpenFile, type Process, type Wait } from '../../os/index.ts';
import type { LinkType } from './filter/filter.ts';
import { failure } from './options.ts';
import { type CapturedPacket, pcapHeader, pcapRecord } from './pcap-file.ts';

/** stdio's buffer for what is not a terminal. */
const BUFFER = 4096;

/** Text for standard output, held back as stdio does: to a pipe or file it goes out 4096 bytes at a time, unless -l is given. */
export class TextSink {
  #held: Uint8Array[] = [];
  #length = 0;

  constructor(
    private readonly process: Process,
    private readonly lineBuffered: boolean,
  ) {}

  *print(text: string): Generator<Wait, void, void> {
    this.#held.push(encodeText(text));
    this.#length += text.length;
    if (this.lineBuffered || this.#length >= BUFFER || this.process.fds.get(1)?.kind === 'tty') yield* this.flush();
  }

  *flush(): Generator<Wait, void, void> {
    if (this.#length === 0) return;
    const bytes = concatBytes(this.#held);
    this.#held = [];
    this.#length = 0;
    yield* this.process.write(1, bytes);
  }
}

/** `-w`: a capture file, or standard output for `-`. */
export class FileSink {
  #held: Uint8Array[];
  #length: number;

  private constructor(
    private readonly process: Process,
    private readonly fd: number,
    private readonly packetBuffered: boolean,
    header: Uint8Array,
  ) {
    this.#held = [header];
    this.#length = header.length;
  }

  static open(
    process: Process,
    name: string,
    linkType: LinkType,
    snapLength: number,
    packetBuffered: boolean,
  ): FileSink {
    const header = pcapHeader(linkType, snapLength);
    if (name === '-') return new FileSink(process, 1, packetBuffered, header);
    const opened = process.machine.fs.open(process.path(name), { write: true, create: true, truncate: true }, process);
    if (!opened.ok) throw failure(`${name}: ${strerror(opened.error.errno)}`);
    const file: OpenFile = opened.value;
    return new FileSink(process, process.addFd(file, 3), packetBuffered, header);
  }

  *write(packet: CapturedPacket): Generator<Wait, void, void> {
    const record = pcapRecord(packet);
    this.#held.push(record);
    this.#length += record.length;
    if (this.packetBuffered || this.#length >= BUFFER) yield* this.flush();
  }

  *flush(): Generator<Wait, void, void> {
    if (this.#length === 0) return;
    const bytes = concatBytes(this.#held);
    this.#held = [];
    this.#length = 0;
    const written = yield* this.process.write(this.fd, bytes);
    if (!written.ok) throw failure(`Unable to write output: ${strerror(written.error.errno)}`);
  }
}
