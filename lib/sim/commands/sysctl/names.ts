/**
 * Names of settings: `net.ipv4.conf.eth0/100.forwarding` and `net/ipv4/conf/eth0.100/forwarding` are the same. Whichever
 * of the two separators comes first separates, and the other stands for itself.
 */
export function pathOfKey(key: string): string {
  const first = /[./]/.exec(key)?.[0];
  return first === '.' ? key.replace(/[./]/g, (c) => (c === '.' ? '/' : '.')) : key;
}

export const keyOfPath = (path: string): string => path.replace(/[./]/g, (c) => (c === '/' ? '.' : '/'));
