/**
 * A number as jq 1.6 prints it: the shortest digits that read back as the same number, in plain notation while that needs
 * at most 15 zeros behind the digits or four places behind the point, else with an exponent of at least two digits.
 */
export function formatNumber(number: number): string {
  if (Number.isNaN(number)) return 'null';
  if (Object.is(number, -0)) return '-0';
  if (number === 0) return '0';
  const finite = Number.isFinite(number) ? number : Math.sign(number) * Number.MAX_VALUE;
  const sign = finite < 0 ? '-' : '';
  const [mantissa = '', exponent = '0'] = Math.abs(finite).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  /** Where the decimal point stands, counted from the first digit. */
  const point = Number(exponent) + 1;
  if (point <= -4 || point > digits.length + 15) return sign + scientific(digits, point - 1);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** strtod(3) of a whole text without blanks; undefined where it is no number. `nan` and `infinity` are numbers, too. */
export function parseNumber(text: string): number | undefined {
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  return Number(text);
}
