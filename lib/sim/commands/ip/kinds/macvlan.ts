import type { MacvlanMode, MacvlanRequest } from '../../../kernel/index.ts';
import { macvlanModule } from '../../../kernel/macvlan/index.ts';
import { parseUnsigned, Refusal, type Words } from '../../iproute2/words.ts';
import type { KindCommand } from './kind-command.ts';

const USAGE = `Usage: ... macvlan mode MODE [flag MODE_FLAG] MODE_OPTS [bcqueuelen BC_QUEUE_LEN]

MODE: private | vepa | bridge | passthru | source
MODE_FLAG: null | nopromisc | nodst
MODE_OPTS: for mode "source":
	macaddr { { add | del } <macaddr> | set [ <macaddr> [ <macaddr>  ... ] ] | flush }
BC_QUEUE_LEN: Length of the rx queue for broadcast/multicast: [0-4294967295]
`;

const MODES: readonly MacvlanMode[] = ['private', 'vepa', 'bridge', 'passthru', 'source'];

/** `type macvlan …` (iplink_macvlan.c) */
export const macvlan: KindCommand = {
  module: macvlanModule,
  usage: USAGE,
  parse(_, words) {
    let request: MacvlanRequest = { kind: 'macvlan' };
    for (; words.more; words.next()) {
      if (words.abbreviates('mode')) request = { ...request, mode: modeWord(words.value()) };
      else if (words.abbreviates('flag')) request = { ...request, nopromisc: flagWord(words.value()) };
      else if (words.abbreviates('macaddr')) throw absent('macaddr');
      else if (words.abbreviates('nopromisc')) request = { ...request, nopromisc: true };
      else if (words.abbreviates('nodst')) throw absent('nodst');
      else if (words.abbreviates('bcqueuelen')) request = { ...request, bcQueueLength: queueLength(words) };
      else if (words.abbreviates('help')) throw new Refusal(USAGE, 1);
      else throw new Refusal(`macvlan: unknown option "${words.word}"?\n${USAGE}`, 1);
    }
    if (request.nopromisc === true && request.mode !== 'passthru')
      throw new Refusal(`macvlan: nopromisc flag only valid in passthru mode\n${USAGE}`, 1);
    return request;
  },
  print({ out }, data) {
    if (data.kind !== 'macvlan') return;
    out.fact('mode', data.mode, `mode ${data.mode} `);
    if (data.nopromisc) out.fact('nopromisc', true, 'nopromisc ');
    out.fact('bcqueuelen', data.bcQueueLength, `bcqueuelen ${data.bcQueueLength} `);
    out.fact('usedbcqueuelen', data.usedBcQueueLength, `usedbcqueuelen ${data.usedBcQueueLength} `);
  },
};

const absent = (what: string): Refusal => new Refusal(`ip: not simulated here: macvlan ${what}\n`, 64);

function modeWord(text: string): MacvlanMode {
  const mode = MODES.find((one) => one === text);
  if (mode === 'source') throw absent('mode source');
  if (mode !== undefined) return mode;
  throw new Refusal(
    `Error: argument of "mode" must be "private", "vepa", "bridge", "passthru" or "source", not "${text}"\n`,
    1,
  );
}

function flagWord(text: string): boolean {
  if (text === 'nodst') throw absent('flag nodst');
  if (text === 'nopromisc' || text === 'null') return text === 'nopromisc';
  throw new Refusal(`Error: argument of "flag" must be "nopromisc", "nodst" or "null", not "${text}"\n`, 1);
}

function queueLength(words: Words): number {
  const text = words.value();
  const value = parseUnsigned(text);
  if (value !== undefined) return value;
  throw new Refusal(`Error: argument of "bcqueuelen" must be a positive integer [0-4294967295], not "${text}"\n`, 1);
}
