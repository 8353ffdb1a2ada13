import type { IpvlanRequest } from '../../../kernel/index.ts';
import { ipvlanModule } from '../../../kernel/ipvlan/index.ts';
import { Refusal } from '../../iproute2/words.ts';
import type { KindCommand } from './kind-command.ts';

const USAGE = `Usage: ... ipvlan [ mode MODE ] [ FLAGS ]

MODE: l3 | l3s | l2
FLAGS: bridge | private | vepa
(first values are the defaults if nothing is specified).
`;

/** `type ipvlan …` (iplink_ipvlan.c) */
export const ipvlan: KindCommand = {
  module: ipvlanModule,
  usage: USAGE,
  parse(_, words) {
    let request: IpvlanRequest = { kind: 'ipvlan' };
    for (; words.more; words.next()) {
      const flag = (['private', 'vepa', 'bridge'] as const).find((name) => words.abbreviates(name));
      if (words.abbreviates('mode')) request = { ...request, mode: modeWord(words.value()) };
      else if (flag !== undefined && request.flag === undefined) request = { ...request, flag };
      else if (words.abbreviates('help')) throw new Refusal(USAGE, 1);
      else throw new Refusal(`ipvlan: unknown option "${words.word}"?\n${USAGE}`, 1);
    }
    return request;
  },
  print({ out }, data) {
    if (data.kind !== 'ipvlan') return;
    out.fact('mode', data.mode, ` mode ${data.mode} `);
    out.fact(data.flag, true, `${data.flag} `);
  },
};

function modeWord(text: string): 'l2' | 'l3' | 'l3s' {
  if (text === 'l2' || text === 'l3' || text === 'l3s') return text;
  throw new Refusal('Error: argument of "mode" must be either "l2", "l3" or "l3s"\n', 1);
}
