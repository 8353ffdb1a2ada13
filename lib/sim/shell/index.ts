/**
 * bash, in virtual time: its grammar, its expansions, its builtins and its job control, as people use them at a prompt and
 * in scripts. Commands are processes that stream through pipes; every loop gives the machine back.
 *
 * It knows no command but its builtins: others are programs in the machine's file system. It draws no prompt and edits no
 * line: an interactive shell says on its terminal that it waits (`Tty.prompt`).
 */
export { bash } from './bash.ts';
export { expandEscapes, formatFloat, formatInteger, formatPrintf, formatUnsigned } from './builtins/format.ts';
export { evaluateTest, TestError, type TestHost } from './builtins/test.ts';
export {
  type ArgumentCompleter,
  type CompletionContext,
  complete,
  completionContext,
  setArgumentCompleter,
} from './complete.ts';
export { Pattern } from './expand/pattern.ts';
export { compareFiles, fileTest } from './run/file-test.ts';
export { type NetworkName, setNetworkOpener } from './run/network.ts';
export { type ShellSession, shellSession } from './session.ts';
export { splitCommands } from './split-commands.ts';
