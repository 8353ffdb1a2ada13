const SIMPLE: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/** A byte as text: what is above ASCII alone is no valid UTF-8 and travels escaped (see os/text.ts). */
export const byteText = (byte: number): string => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);

/** The escapes of $'…' (bash(1), QUOTING). */
export function ansiCString(text: string): string {
  const expanded = text.replace(
    /\\(?:([abeEfnrtv\\'"?])|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|c([^])|([^]))/g,
    (_, simple: string | undefined, hex, u4, u8, octal, control: string | undefined, other: string | undefined) => {
      if (simple !== undefined) return SIMPLE[simple] as string;
      if (hex !== undefined) return byteText(Number.parseInt(hex, 16));
      if (u4 !== undefined || u8 !== undefined) return codePointText(Number.parseInt(u4 ?? u8, 16));
      if (octal !== undefined) return byteText(Number.parseInt(octal, 8) & 255);
      if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 31);
      return `\\${other}`;
    },
  );
  const nul = expanded.indexOf('\0');
  return joinBytes(nul === -1 ? expanded : expanded.slice(0, nul));
}

export const codePointText = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** Escaped bytes beside each other may be a character after all: $'\xc3\xa9' is é. */
export function joinBytes(text: string): string {
  return text.replace(/[\udc80-\udcff]{2,}/g, (run) => decodeRun(run));
}

function decodeRun(run: string): string {
  const bytes = Uint8Array.from(run, (c) => c.charCodeAt(0) - 0xdc00);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return run;
  }
}
