import type { Errno, Ip, Result } from '../../../base/index.ts';
import type { FileSystem, Process } from '../../../os/index.ts';
import { decodeText } from '../../../os/index.ts';
import { parseIp } from '../address.ts';
import { CniError } from '../error.ts';
import { makeFolders } from '../folders.ts';
import { pathError } from '../go-text.ts';

/**
 * Who has which address of a network: a file for each, named by the address, with the container's id and the device's
 * name in it; beside them the last address given out of each range set, and the file that is locked meanwhile.
 */
export class Store {
  readonly #fs: FileSystem;

  private constructor(
    private readonly process: Process,
    private readonly folder: string,
  ) {
    this.#fs = process.machine.fs;
  }

  /** Throws CniError. */
  static open(process: Process, dataDir: string, network: string): Store {
    const folder = process.path(`${dataDir}/${network}`);
    const { fs } = process.machine;
    makeFolders(fs, folder, 0o755);
    const lock = `${folder}/lock`;
    if (!fs.stat(lock).ok) check('open', lock, fs.writeFile(lock, '', { mode: 0o750 }));
    return new Store(process, folder);
  }

  /** False when the address is taken. */
  reserve(address: Ip, container: string, ifName: string, set: number): boolean {
    const file = `${this.folder}/${address}`;
    const opened = this.#fs.open(file, { write: true, create: true, exclusive: true }, this.process);
    if (!opened.ok && opened.error.errno === 'EEXIST') return false;
    check('open', file, opened);
    check('write', file, this.#fs.writeFile(file, holder(container, ifName)));
    const last = `${this.folder}/last_reserved_ip.${set}`;
    check('open', last, this.#fs.writeFile(last, `${address}`));
    return true;
  }

  lastReserved(set: number): Ip | undefined {
    const content = this.#fs.readFile(`${this.folder}/last_reserved_ip.${set}`, this.process);
    return content.ok ? parseIp(decodeText(content.value)) : undefined;
  }

  /** The addresses of a container's device. */
  held(container: string, ifName: string): Ip[] {
    const mine = [holder(container, ifName), container];
    return this.#files()
      .filter(({ content }) => mine.includes(content))
      .flatMap(({ name }) => parseIp(name) ?? []);
  }

  has(container: string, ifName: string): boolean {
    return this.#find(container, ifName).length > 0;
  }

  release(container: string, ifName: string): void {
    for (const name of this.#find(container, ifName)) this.#fs.unlink(`${this.folder}/${name}`);
  }

  /** Files of the container's device; else files that an older version wrote, with nothing but the container in them. */
  #find(container: string, ifName: string): string[] {
    const files = this.#files();
    const named = (wanted: string): string[] =>
      files.filter(({ content }) => content === wanted).map(({ name }) => name);
    const own = named(holder(container, ifName));
    return own.length > 0 ? own : named(container);
  }

  #files(): { readonly name: string; readonly content: string }[] {
    const names = this.#fs.readdir(this.folder, this.process);
    if (!names.ok) return [];
    return names.value.flatMap((name) => {
      const content = this.#fs.readFile(`${this.folder}/${name}`, this.process);
      return content.ok ? [{ name, content: decodeText(content.value).trim() }] : [];
    });
  }
}

const holder = (container: string, ifName: string): string => `${container.trim()}\r\n${ifName}`;

function check(operation: string, path: string, result: Result<unknown, { readonly errno: Errno }>): void {
  if (!result.ok) throw new CniError(pathError(operation, path, result.error.errno));
}
