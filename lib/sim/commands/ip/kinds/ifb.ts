import { schedModule } from '../../../kernel/sched/index.ts';
import type { KindCommand } from './kind-command.ts';

/** `type ifb`, which has no options and reads none (iplink_ifb.c). */
export const ifb: KindCommand = {
  module: schedModule,
  usage: 'Usage: ... ifb\n',
  parse(_, words) {
    while (words.more) words.next();
    return { kind: 'ifb' };
  },
  print: () => undefined,
};
