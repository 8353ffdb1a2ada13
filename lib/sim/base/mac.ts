/** A 48-bit MAC address as a number (exact in a double), so that it compares with === and keys a Map. */
export type Mac = number & { readonly __mac: true };

export const MAC_ZERO = 0 as Mac;
export const MAC_BROADCAST = 0xffff_ffff_ffff as Mac;

/** Six hex pairs joined by colons; undefined when the text is anything else. */
export function parseMac(text: string): Mac | undefined {
  if (!/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(text)) return undefined;
  return text.split(':').reduce((value, pair) => value * 256 + Number.parseInt(pair, 16), 0) as Mac;
}

export function formatMac(mac: Mac): string {
  const hex = mac.toString(16).padStart(12, '0');
  return `${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}:${hex.slice(8, 10)}:${hex.slice(10)}`;
}

export const macBytes = (mac: Mac): number[] =>
  [40, 32, 24, 16, 8, 0].map((shift) => Math.floor(mac / 2 ** shift) % 256);

export const macFromBytes = (bytes: Uint8Array, offset = 0): Mac => {
  let value = 0;
  for (let i = 0; i < 6; i++) value = value * 256 + (bytes[offset + i] ?? 0);
  return value as Mac;
};

/** The group bit (IEEE 802): multicast and broadcast. */
export const isMulticastMac = (mac: Mac): boolean => Math.floor(mac / 2 ** 40) % 2 === 1;
