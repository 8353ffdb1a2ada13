/** The longest command line that can be edited. Linux allows one argument twice that (MAX_ARG_STRLEN). */
export const LONGEST_LINE = 65_536;

/**
 * What may be put into the line from a clipboard: newlines become \n; other control characters, bidirectional overrides
 * (which make text read otherwise than it runs) and broken surrogates go.
 */
export function sanitise(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(UNWANTED, '')
    .replace(/\p{Cs}/gu, '\ufffd');
}

const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;
