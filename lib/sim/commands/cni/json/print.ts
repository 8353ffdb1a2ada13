/** What is printed: undefined members are left out, as `omitempty` leaves out what is empty. */
export type Printable =
  | string
  | number
  | boolean
  | readonly Printable[]
  | { readonly [key: string]: Printable | undefined };

/** As encoding/json writes it: HTML's special characters escaped. Without `indent` in one line. */
export function printJson(value: Printable, indent = ''): string {
  return JSON.stringify(value, undefined, indent)
    .replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\\([\\bf])/g, (pair, c: string) => (c === 'b' ? '\\u0008' : c === 'f' ? '\\u000c' : pair));
}
