/** `eth+` is every name that begins with `eth`. */
export const deviceMatches = (pattern: string, name: string): boolean =>
  pattern.endsWith('+') ? name !== '' && name.startsWith(pattern.slice(0, -1)) : name === pattern;
