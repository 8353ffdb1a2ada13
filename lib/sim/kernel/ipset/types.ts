import type { Family } from '../messages.ts';

/** What one part of an element is. */
export type Dimension = 'ip' | 'net' | 'port' | 'iface' | 'mac' | 'set';

/** Bytes that the kernel's structures take, as `ipset list` adds them up: an empty set's, and one element's. */
type Sizes = { readonly empty: number; readonly element: number };

export type SetType = {
  readonly name: string;
  readonly method: 'hash' | 'bitmap' | 'list';
  readonly dimensions: readonly Dimension[];
  /** The newest that both sides know. */
  readonly revision: number;
  /** Absent: the type has no addresses, so no family. */
  readonly families?: readonly Family[];
  /** An element may be an exception (`nomatch`). */
  readonly nomatch?: boolean;
  /** `netmask` may be given to a set of the type. */
  readonly netmask?: boolean;
  readonly sizes: { readonly 4: Sizes; readonly 6: Sizes };
};

const sizes = (empty4: number, element4: number, empty6 = empty4, element6 = element4): SetType['sizes'] => ({
  4: { empty: empty4, element: element4 },
  6: { empty: empty6, element: element6 },
});

const BOTH: readonly Family[] = [4, 6];

/** ip_set_*.c: the set types of the kernel. */
export const SET_TYPES: readonly SetType[] = [
  {
    name: 'hash:ip',
    method: 'hash',
    dimensions: ['ip'],
    revision: 6,
    families: BOTH,
    netmask: true,
    sizes: sizes(216, 4, 224, 16),
  },
  {
    name: 'hash:net',
    method: 'hash',
    dimensions: ['net'],
    revision: 7,
    families: BOTH,
    nomatch: true,
    sizes: sizes(456, 8, 1240, 20),
  },
  {
    name: 'hash:ip,port',
    method: 'hash',
    dimensions: ['ip', 'port'],
    revision: 7,
    families: BOTH,
    sizes: sizes(216, 8, 232, 20),
  },
  {
    name: 'hash:ip,port,ip',
    method: 'hash',
    dimensions: ['ip', 'port', 'ip'],
    revision: 6,
    families: BOTH,
    sizes: sizes(208, 12, 232, 36),
  },
  {
    name: 'hash:ip,port,net',
    method: 'hash',
    dimensions: ['ip', 'port', 'net'],
    revision: 8,
    families: BOTH,
    nomatch: true,
    sizes: sizes(464, 12, 1256, 36),
  },
  {
    name: 'hash:net,port',
    method: 'hash',
    dimensions: ['net', 'port'],
    revision: 8,
    families: BOTH,
    nomatch: true,
    sizes: sizes(456, 8, 1240, 20),
  },
  {
    name: 'hash:net,iface',
    method: 'hash',
    dimensions: ['net', 'iface'],
    revision: 8,
    families: BOTH,
    nomatch: true,
    sizes: sizes(488, 28, 1264, 40),
  },
  { name: 'hash:mac', method: 'hash', dimensions: ['mac'], revision: 1, sizes: sizes(208, 8) },
  {
    name: 'bitmap:ip',
    method: 'bitmap',
    dimensions: ['ip'],
    revision: 3,
    families: [4],
    netmask: true,
    sizes: sizes(88, 0),
  },
  { name: 'bitmap:port', method: 'bitmap', dimensions: ['port'], revision: 3, sizes: sizes(72, 0) },
  { name: 'list:set', method: 'list', dimensions: ['set'], revision: 3, sizes: sizes(80, 48) },
];

/** What sets may keep with each of their elements. */
export type Extensions = {
  /** Seconds that an element lives unless it says otherwise; undefined: elements have no time. 0: for ever. */
  readonly timeout?: number;
  readonly counters?: boolean;
  readonly comment?: boolean;
};

export type CreateRequest = Extensions & {
  readonly name: string;
  readonly type: SetType;
  readonly family: Family;
  readonly hashsize?: number;
  readonly maxelem?: number;
  readonly bucketsize?: number;
  /** Secret of the hash; chosen by chance when not said. */
  readonly initval?: number;
  readonly netmask?: number;
  readonly forceadd?: boolean;
  /** Of bitmaps: addresses as uint32, or ports. */
  readonly range?: readonly [first: number, last: number];
  /** Of lists. */
  readonly size?: number;
};

/** IPSET_ERR_* and plain errno of ip_set.h; user space has a sentence for each. */
export type IpsetErrno =
  | 'ENOENT'
  | 'EEXIST'
  | 'ERANGE'
  | 'BUSY'
  | 'EXIST_SETNAME2'
  | 'TYPE_MISMATCH'
  | 'REFERENCED'
  | 'EXIST'
  | 'INVALID_CIDR'
  | 'INVALID_NETMASK'
  | 'TIMEOUT'
  | 'COUNTER'
  | 'COMMENT'
  | 'HASH_FULL'
  | 'HASH_ELEM'
  | 'BITMAP_RANGE'
  | 'BITMAP_RANGE_SIZE'
  | 'NAME'
  | 'LOOP'
  | 'NAMEREF'
  | 'REF_EXIST'
  | 'LIST_FULL';

/** hash, by default; the kernel rounds a size up to a power of two, 64 at least. */
export const DEFAULT_HASHSIZE = 1024;
export const DEFAULT_MAXELEM = 65_536;
/** AHASH_MAX_SIZE */
export const DEFAULT_BUCKETSIZE = 12;
export const DEFAULT_LIST_SIZE = 8;
