import { strerror } from '../../base/index.ts';
import { decodeText, encodeText, type Process, Regex, RegexError, type Wait } from '../../os/index.ts';
import type { CommandSpec, OptionSpec } from '../command.ts';
import { getopt } from '../getopt.ts';
import { keyOfPath, pathOfKey } from './names.ts';
import { SYSCTL_USAGE } from './usage.ts';

const PROC_SYS = '/proc/sys/';

const option = (flags: readonly string[], text: string, value?: string, simulated = true): OptionSpec => ({
  flags,
  text,
  simulated,
  ...(value === undefined ? {} : { value }),
});

type Settings = {
  readonly names: boolean;
  readonly values: boolean;
  readonly binary: boolean;
  readonly ignore: boolean;
  readonly quiet: boolean;
  readonly write: boolean;
  readonly dryRun: boolean;
  readonly pattern: Regex | undefined;
};

/** sysctl of procps 4: reads and writes files below /proc/sys. */
function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, sysctlCommand, { usage: SYSCTL_USAGE, status: 0 });
  if (typeof parsed === 'number') return parsed;
  if (parsed.has('-h')) return yield* printed(process, SYSCTL_USAGE);
  if (parsed.has('-V')) return yield* printed(process, 'sysctl from procps-ng 4.0.2\n');
  const pattern = parsed.value('-r');
  const settings: Settings = {
    names: parsed.has('-N'),
    values: parsed.has('-n'),
    binary: parsed.has('-b'),
    ignore: parsed.has('-e'),
    quiet: parsed.has('-q'),
    write: parsed.has('-w'),
    dryRun: parsed.has('--dry-run'),
    pattern: pattern === undefined ? undefined : compilePattern(pattern),
  };
  const tool = new Tool(process, settings);
  if (parsed.has('-a')) return yield* tool.show('');
  if (parsed.has('--system')) return yield* tool.system();
  if (parsed.has('-p'))
    return yield* tool.load([...parsed.values('-p').filter((file) => file !== ''), ...parsed.operands]);
  if (parsed.operands.length === 0) {
    if (parsed.given.length === 0) return yield* printed(process, SYSCTL_USAGE, 1);
    yield* process.printError("sysctl: no variables specified\nTry `sysctl --help' for more information.\n");
    return 1;
  }
  return yield* tool.operands(parsed.operands);
}

/** A pattern that cannot be compiled matches everything, as procps does it. */
function compilePattern(source: string): Regex | undefined {
  try {
    return new Regex(source, 'extended');
  } catch (error) {
    if (error instanceof RegexError) return undefined;
    throw error;
  }
}

function* printed(process: Process, text: string, status = 0): Generator<Wait, number, void> {
  yield* process.print(text);
  return status;
}

class Tool {
  constructor(
    private readonly process: Process,
    private readonly settings: Settings,
  ) {}

  *operands(operands: readonly string[]): Generator<Wait, number, void> {
    let status = 0;
    for (const operand of operands) {
      const writes = this.settings.write || operand.includes('=');
      // What is no assignment ends the command.
      const failed = writes ? yield* this.#assign(operand, 'command line(0)') : yield* this.show(pathOfKey(operand));
      if (failed !== 0) status = 1;
    }
    return status;
  }

  /** A file, or every file below a directory. */
  *show(path: string): Generator<Wait, number, void> {
    const { process } = this;
    const absolute = `${PROC_SYS}${path}`;
    const stat = process.machine.fs.stat(absolute, process);
    if (!stat.ok) return yield* this.#missing(absolute, strerror(stat.error.errno));
    if (stat.value.kind !== 'directory') return yield* this.#showFile(path, stat.value.mode);
    const names = process.machine.fs.readdir(absolute, process);
    if (!names.ok) return yield* this.#complain(`cannot open directory ${absolute}: ${strerror(names.error.errno)}`);
    let status = 0;
    for (const name of [...names.value].sort()) {
      yield {};
      if ((yield* this.show(path === '' ? name : `${path.replace(/\/$/, '')}/${name}`)) !== 0) status = 1;
    }
    return status;
  }

  *#showFile(path: string, mode: number): Generator<Wait, number, void> {
    const { process, settings } = this;
    const key = keyOfPath(path);
    if (settings.pattern !== undefined && !settings.pattern.test(key)) return 0;
    if ((mode & 0o444) === 0) return 0;
    if (settings.names) return yield* printed(process, `${key}\n`);
    const read = process.machine.fs.readFile(`${PROC_SYS}${path}`, process);
    if (!read.ok) return yield* this.#complain(`reading key "${key}": ${strerror(read.error.errno)}`);
    const text = decodeText(read.value).replace(/\n$/, '');
    if (settings.binary) return yield* printed(process, text);
    const lines = text.split('\n').map((line) => (settings.values ? `${line}\n` : `${key} = ${line}\n`));
    return yield* printed(process, lines.join(''));
  }

  /** `key = value` of a command line or file. */
  *#assign(text: string, where: string): Generator<Wait, number, void> {
    const at = text.indexOf('=');
    if (at < 0) return yield* this.#complain(`${where}: invalid syntax, continuing...`);
    const written = text.slice(0, at).trim();
    const value = text.slice(at + 1).trim();
    if (written === '') return 1;
    const lenient = written.startsWith('-');
    const path = pathOfKey(lenient ? written.slice(1) : written);
    let status = 0;
    for (const one of where.startsWith('command line') ? [path] : this.#expand(path)) {
      if ((yield* this.#set(one, value, lenient)) !== 0) status = 1;
    }
    return status;
  }

  /** `*` in files stands for every entry of that directory. */
  #expand(path: string): string[] {
    const star = path.split('/').indexOf('*');
    if (star < 0) return [path];
    const parts = path.split('/');
    const folder = `${PROC_SYS}${parts.slice(0, star).join('/')}`;
    const names = this.process.machine.fs.readdir(folder, this.process);
    if (!names.ok) return [path];
    return [...names.value]
      .sort()
      .flatMap((name) => this.#expand([...parts.slice(0, star), name, ...parts.slice(star + 1)].join('/')));
  }

  /** `lenient`: what the kernel does not take is told, and no failure; a key that is not there is one all the same. */
  *#set(path: string, value: string, lenient: boolean): Generator<Wait, number, void> {
    const { process, settings } = this;
    const key = keyOfPath(path);
    const absolute = `${PROC_SYS}${path}`;
    const stat = process.machine.fs.stat(absolute, process);
    if (!stat.ok) return yield* this.#missing(absolute, strerror(stat.error.errno));
    const readOnly = (stat.value.mode & 0o200) === 0;
    const error = readOnly || settings.dryRun ? undefined : this.#writeFile(absolute, value);
    if (readOnly || error !== undefined) {
      const status = yield* this.#complain(
        readOnly ? `setting key "${key}", ignoring: Operation not permitted` : `setting key "${key}": ${error}`,
      );
      return lenient ? 0 : status;
    }
    if (settings.quiet) return 0;
    return yield* printed(
      process,
      settings.values ? `${value}\n` : settings.names ? `${key}\n` : `${key} = ${value}\n`,
    );
  }

  #writeFile(path: string, value: string): string | undefined {
    const { process } = this;
    const opened = process.machine.fs.open(path, { write: true }, process);
    if (!opened.ok) return strerror(opened.error.errno);
    const written = opened.value.write(encodeText(`${value}\n`));
    opened.value.release();
    return written.ok ? undefined : strerror(written.error.errno);
  }

  *load(files: readonly string[]): Generator<Wait, number, void> {
    let status = 0;
    for (const name of files.length === 0 ? ['/etc/sysctl.conf'] : files) {
      const text = yield* this.#readSettings(name);
      if (text === undefined) {
        if (files.length > 0)
          status = (yield* this.#complain(`cannot open "${name}": No such file or directory`)) === 0 ? status : 1;
        continue;
      }
      if ((yield* this.#apply(name, text)) !== 0) status = 1;
    }
    return status;
  }

  *#readSettings(name: string): Generator<Wait, string | undefined, void> {
    const { process } = this;
    if (name === '-') return yield* process.readAll(0);
    const read = process.machine.fs.readFile(process.path(name), process);
    return read.ok ? decodeText(read.value) : undefined;
  }

  /** The whole file is read, and its mistakes are told, before the first value is set. */
  *#apply(name: string, text: string): Generator<Wait, number, void> {
    const assignments: string[] = [];
    for (const [i, line] of text.split('\n').entries()) {
      const trimmed = line.trim();
      if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
      if (trimmed.includes('=')) assignments.push(trimmed);
      else if (!trimmed.startsWith('-'))
        yield* this.process.printError(`sysctl: ${name}(${i + 1}): invalid syntax, continuing...\n`);
    }
    let status = 0;
    for (const assignment of assignments) if ((yield* this.#assign(assignment, name)) !== 0) status = 1;
    return status;
  }

  *system(): Generator<Wait, number, void> {
    const { process } = this;
    const folders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];
    const files = folders.flatMap((folder) => {
      const names = process.machine.fs.readdir(folder, process);
      return names.ok ? names.value.filter((name) => name.endsWith('.conf')).map((name) => `${folder}/${name}`) : [];
    });
    const all = [
      ...files.sort((a, b) => ((a.split('/').at(-1) ?? '') < (b.split('/').at(-1) ?? '') ? -1 : 1)),
      '/etc/sysctl.conf',
    ];
    const present = all.filter((name) => process.machine.fs.stat(name, process).ok);
    for (const name of present) yield* process.print(`* Applying ${name} ...\n`);
    return yield* this.load(present.length === 0 ? [] : present);
  }

  *#missing(path: string, text: string): Generator<Wait, number, void> {
    return this.settings.ignore ? 0 : yield* this.#complain(`cannot stat ${path}: ${text}`);
  }

  *#complain(text: string): Generator<Wait, number, void> {
    yield* this.process.printError(`sysctl: ${text}\n`);
    return 1;
  }
}

export const sysctlCommand: CommandSpec = {
  name: 'sysctl',
  path: '/usr/sbin/sysctl',
  summary: 'read and write kernel parameters',
  options: [
    option(['-a', '-A', '-X', '--all'], 'display all variables'),
    option(['--deprecated'], 'include deprecated parameters'),
    option(['--dry-run'], 'print what would be written'),
    option(['-b', '--binary'], 'print the value without a new line'),
    option(['-e', '--ignore'], 'no error for unknown variables'),
    option(['-N', '--names'], 'print names only'),
    option(['-n', '--values'], 'print values only'),
    option(['-p', '-f', '--load'], 'read values from a file', '[FILE]'),
    option(['--system'], 'read values from the system directories'),
    option(['-r', '--pattern'], 'only settings that match', 'EXPRESSION'),
    option(['-q', '--quiet'], 'do not echo what is set'),
    option(['-w', '--write'], 'write values'),
    option(['-o'], 'does nothing'),
    option(['-x'], 'does nothing'),
    option(['-h', '-d', '--help'], 'usage'),
    option(['-V', '--version'], 'version'),
  ],
  run,
};
