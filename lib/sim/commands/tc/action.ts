import type { FilterAction } from '../../kernel/sched/index.ts';
import type { Session } from '../iproute2/session.ts';
import { Refusal, type Words } from '../iproute2/words.ts';

/** `action mirred egress redirect dev X`, `action drop`; several behind one another. Leaves the words behind them. */
export function parseAction(session: Session, words: Words): FilterAction[] {
  const kind = words.word;
  if (words.is('mirred')) return [mirred(session, words)];
  if (words.is('gact')) words.value();
  const verdict = { drop: 'drop', shot: 'drop', pass: 'pass', ok: 'pass', pipe: 'pipe', continue: 'continue' }[
    words.word
  ];
  if (verdict === undefined) throw new Refusal(`tc: not simulated here: action ${kind}\n`, 64);
  words.next();
  return [{ kind: 'gact', verdict: verdict as 'drop' | 'pass' | 'pipe' | 'continue' }];
}

function mirred(session: Session, words: Words): FilterAction {
  const direction = words.value();
  if (direction !== 'egress' && direction !== 'ingress') throw refused(`mirred option not supported ${direction}`);
  const mode = words.value();
  if (mode !== 'redirect' && mode !== 'mirror') throw refused(`was expecting egress or ingress (${mode})`);
  if (words.value() !== 'dev') throw new Refusal(`tc: not simulated here: mirred '${words.word}'\n`, 64);
  const name = words.value();
  const link = session.linkNamed(name);
  if (link === undefined) throw refused(`Cannot find device "${name}"`);
  words.next();
  return { kind: 'mirred', mode, direction, ifindex: link.ifindex };
}

const refused = (text: string): Refusal =>
  new Refusal(`${text}\nbad action parsing\nparse_action: bad value (5:mirred)!\nIllegal "action"\n`, 1);
