import { inet } from '../../kernel/inet/index.ts';
import type { CommandSpec } from '../command.ts';
import { getopt } from '../getopt.ts';
import { dnsPart } from '../socket/resolve.ts';
import { call } from './call.ts';
import { Failure, settingsOf } from './options.ts';
import { serve } from './serve.ts';
import { OPTIONS } from './spec.ts';
import { USAGE, VERSION } from './usage.ts';

/** netcat-openbsd 1.219 with Debian's patches. */
export const nc: CommandSpec = {
  name: 'nc',
  aliases: ['netcat', 'nc.openbsd'],
  path: '/usr/bin/nc',
  summary: 'arbitrary TCP and UDP connections and listens',
  options: OPTIONS,
  modules: [inet],
  parts: [dnsPart],
  *run(process, node) {
    const parsed = yield* getopt(process, nc, { usage: USAGE.trimEnd(), status: 1 });
    if (typeof parsed === 'number') return parsed;
    if (parsed.has('-h')) {
      yield* process.printError(`${VERSION}${USAGE}${help()}`);
      return 0;
    }
    try {
      const settings = settingsOf(parsed.given, parsed.operands);
      process.onSignal('PIPE', 'ignore');
      return yield* settings.listen ? serve(process, node, settings) : call(process, node, settings);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      yield* process.printError(error.text);
      return error.status;
    }
  },
};

const help = (): string =>
  `\tCommand Summary:\n${OPTIONS.map(({ flags, value, text }) => `\t\t${flags[0]}${value === undefined ? '\t' : ` ${value}`}\t${text}\n`).join('')}\tPort numbers can be individual or ranges: lo-hi [inclusive]\n`;
