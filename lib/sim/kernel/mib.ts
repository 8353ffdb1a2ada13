/**
 * Counters of the protocols (snmp(7)): those of /proc/net/snmp, snmp6 and netstat that something here counts. Names are
 * the kernel's, in the order of its files; what is not in a list is 0.
 */
export class Mib {
  readonly #counters = new Map<string, number>();

  /** `Ip.InReceives`, `Icmp.OutEchoReps`, `TcpExt`'s `IPReversePathFilter` is `Ext.IPReversePathFilter`. */
  add(name: string, amount = 1): void {
    this.#counters.set(name, (this.#counters.get(name) ?? 0) + amount);
  }

  get(name: string): number {
    return this.#counters.get(name) ?? 0;
  }
}
