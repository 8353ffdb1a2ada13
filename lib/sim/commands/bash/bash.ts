import { bash as program } from '../../shell/index.ts';
import type { CommandSpec } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { networkPart } from './network-names.ts';

/** GNU bash 5.2; `sh` is the same shell here. */
export const bash: CommandSpec = {
  name: 'bash',
  aliases: ['sh'],
  path: '/usr/bin/bash',
  summary: 'GNU Bourne-Again SHell',
  options: [
    option('-c', 'read commands from the first operand', 'COMMAND'),
    option('-i', 'be interactive'),
    option('-s', 'read commands from standard input'),
    option('-e', 'exit at once when a command fails'),
    option('-u', 'treat unset variables as an error'),
    option('-x', 'print commands as they are executed'),
    option('-n', 'read commands, but do not execute them'),
    option('-o', 'set an option by its name', 'OPTION'),
    option('-O', 'set a shopt option', 'SHOPT'),
    option('-l --login', 'act as a login shell'),
    option('--norc', 'do not read ~/.bashrc'),
    option('--noprofile', 'do not read start-up files'),
    option('--version', 'output version information and exit'),
    missing('--rcfile', 'read this file instead of ~/.bashrc', 'FILE'),
    missing('--debugger', 'start the debugger'),
    missing('-r --restricted', 'be restricted'),
  ],
  parts: [networkPart],
  run: (process) => program(process),
};
