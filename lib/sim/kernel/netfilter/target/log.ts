import { kernelLog } from '../../log.ts';
import { logLine } from '../log-line.ts';
import type { Context } from '../packet.ts';
import type { TargetKind } from './target.ts';

export type LogTarget = {
  readonly name: 'LOG';
  readonly prefix: string;
  readonly level: number;
  /** XT_LOG_*: TCP sequence 1, TCP options 2, IP options 4, uid 8, MAC addresses taken apart 32. */
  readonly flags: number;
};

/** xt_LOG.c: a line in the kernel's log. Only the first namespace may write there, unless nf_log_all_netns lets all. */
export const log: TargetKind<LogTarget> = {
  run: (data, context) => {
    if (mayLog(context)) {
      const { kernel } = context.ns;
      kernelLog(kernel).write({ at: kernel.events.now, level: data.level, text: logLine(data, context) });
    }
    return 'continue';
  },
};

const mayLog = ({ ns }: Context): boolean => ns.isInit || ns.kernel.init.netfilter.nf_log_all_netns !== 0;
