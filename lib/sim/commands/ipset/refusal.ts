import type { IpsetErrno } from '../../kernel/ipset/index.ts';

/** Ends ipset with words on standard error; 'parameter' gives status 2 and the hint at help (IPSET_PARAMETER_PROBLEM). */
export class IpsetError extends Error {
  constructor(
    message: string,
    readonly kind: 'session' | 'parameter',
  ) {
    super(message);
  }
}

export const syntaxError = (text: string): IpsetError => new IpsetError(`Syntax error: ${text}`, 'session');
export const sessionError = (text: string): IpsetError => new IpsetError(text, 'session');
export const parameterError = (text: string): IpsetError => new IpsetError(text, 'parameter');

/** The real tool does it, this one does not. */
export class NotSimulated extends Error {}

export type Verb =
  | 'create'
  | 'add'
  | 'del'
  | 'test'
  | 'destroy'
  | 'list'
  | 'save'
  | 'restore'
  | 'flush'
  | 'rename'
  | 'swap'
  | 'help'
  | 'version'
  | 'quit';

type Sentences = string | Partial<Record<Verb, string>>;

/** What libipset says of the kernel's answers; some depend on what was asked. */
const SENTENCES: Readonly<Record<IpsetErrno, Sentences>> = {
  ENOENT: 'The set with the given name does not exist',
  EEXIST: { create: 'Set cannot be created: set with the same name already exists' },
  ERANGE: 'Kernel error received: Numerical result out of range',
  BUSY: { destroy: 'Set cannot be destroyed: it is in use by a kernel component' },
  EXIST_SETNAME2: {
    rename: 'Set cannot be renamed: a set with the new name already exists',
    swap: 'Sets cannot be swapped: the second set does not exist',
  },
  TYPE_MISMATCH: { swap: 'The sets cannot be swapped: their type does not match' },
  REFERENCED: { rename: 'Set cannot be renamed: it is in use by another system' },
  EXIST: {
    add: "Element cannot be added to the set: it's already added",
    del: "Element cannot be deleted from the set: it's not added",
  },
  INVALID_CIDR: 'The value of the CIDR parameter of the IP address is invalid',
  INVALID_NETMASK: 'The value of the netmask parameter is invalid',
  TIMEOUT: 'Timeout cannot be used: set was created without timeout support',
  COUNTER: 'Packet/byte counters cannot be used: set was created without counter support',
  COMMENT: 'Comment cannot be used: set was created without comment support',
  HASH_FULL: 'Hash is full, cannot add more elements',
  HASH_ELEM: 'Null-valued element, cannot be stored in a hash type of set',
  BITMAP_RANGE: 'Element is out of the range of the set',
  BITMAP_RANGE_SIZE: 'The range you specified exceeds the size limit of the set type',
  NAME: 'Set to be added/deleted/tested as element does not exist.',
  LOOP: 'Sets with list:set type cannot be added to the set.',
  NAMEREF: "The set to which you referred with 'before' or 'after' does not exist.",
  REF_EXIST: "The set to which you referred with 'before' or 'after' is not added to the set.",
  LIST_FULL: 'The set is full, more elements cannot be added.',
};

export function kernelError(errno: IpsetErrno, verb: Verb): IpsetError {
  const sentence = SENTENCES[errno];
  return sessionError(typeof sentence === 'string' ? sentence : (sentence[verb] ?? `Kernel error received: ${errno}`));
}
