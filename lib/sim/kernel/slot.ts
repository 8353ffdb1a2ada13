/** What other parts of the kernel may hang their own state on: a namespace, a device. */
export type SlotHolder = { readonly slots: unknown[] };

let taken = 0;

/**
 * State that one part keeps for each holder (net_generic): made when it is first asked for, gone with the holder.
 *
 *   const tablesOf = slot((ns: NetNs) => new Tables(ns));
 */
export function slot<H extends SlotHolder, T extends object>(make: (holder: H) => T): (holder: H) => T {
  const index = taken++;
  return (holder) => {
    holder.slots[index] ??= make(holder);
    return holder.slots[index] as T;
  };
}
