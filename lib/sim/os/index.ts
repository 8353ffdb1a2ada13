/**
 * The operating system of a simulated machine, as its programs see it: processes on a scheduler in virtual time, signals,
 * descriptors, pipes, terminals, and a file system.
 *
 * It is not the kernel's network (lib/sim/kernel): a process only carries the inode number of its network namespace.
 * It knows no command and no shell; programs are generators that others install into the file system.
 */
export { type Civil, civilTime, epochSeconds, strftime } from './calendar.ts';
export {
  createMachine,
  DEFAULT_LIMITS,
  DEFAULT_PATH,
  LinuxMachine,
  type MachineOptions,
  programName,
} from './machine.ts';
export { joined, type NamespaceKind, type Namespaces, PidNamespace, pidIn, unshared } from './namespaces.ts';
export { Description } from './open-file.ts';
export { absolutePath, baseName, normalizePath } from './path.ts';
export { createPipe } from './pipe.ts';
export { call, Exit, ForkError } from './process.ts';
export { CLASSES as CHARACTER_CLASSES } from './regex/ast.ts';
export { Regex, RegexError, type RegexMatch, RegexTooSlow } from './regex/regex.ts';
export { COST, Scheduler } from './scheduler.ts';
export { parseSignal, SIGNAL_TEXT, SIGNALS, type Signal, signalByNumber, signalNumber } from './signals.ts';
export { concatBytes, decodeText, encodeText } from './text.ts';
export { type Completion, isTty, type PromptState, Tty, type TtyOptions } from './tty.ts';
export type {
  Executable,
  FileSystem,
  Limits,
  Machine,
  OpenFile,
  OpenFlags,
  Process,
  Program,
  SpawnOptions,
  StartOptions,
  Stat,
  TreeEntry,
  TreeProvider,
  Wait,
} from './types.ts';
