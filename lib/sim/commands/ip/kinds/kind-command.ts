import type { KernelModule, LinkData, LinkRequest } from '../../../kernel/index.ts';
import type { Session } from '../../iproute2/session.ts';
import type { Words } from '../../iproute2/words.ts';

/** What `ip` knows of one kind of device that comes as a kernel module (struct link_util). */
export type KindCommand = {
  readonly module: KernelModule;
  readonly usage: string;
  /** The words behind `type KIND`; `creating` is false for `ip link set`. */
  readonly parse: (session: Session, words: Words, creating: boolean) => LinkRequest;
  /** The kind's part of `ip -d link`. */
  readonly print: (session: Session, data: LinkData) => void;
};
