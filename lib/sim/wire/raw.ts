/** A payload that nobody looked into: fragments, unknown protocols, what is left of a truncated capture. */
export type RawBytes = { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export const rawBytes = (bytes: Uint8Array): RawBytes => ({ kind: 'bytes', bytes });
