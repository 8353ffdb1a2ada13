import { CniError } from './error.ts';
import { quote, quoteList } from './go-text.ts';

/**
 * CNI_ARGS: `KEY=VALUE;KEY=VALUE`. Keys that the plugin does not know are an error unless IgnoreUnknown says otherwise.
 * The keys are those of Go's fields, so that their case counts.
 */
export function readArguments<K extends string>(text: string, known: readonly K[]): ReadonlyMap<K, string> {
  const found = new Map<K, string>();
  const unknown: string[] = [];
  let ignoring = false;
  for (const pair of text === '' ? [] : text.split(';')) {
    const [key = '', value, ...rest] = pair.split('=');
    if (value === undefined || rest.length > 0) throw new CniError(`ARGS: invalid pair ${quote(pair)}`);
    const name = known.find((one) => one === key);
    if (name !== undefined) found.set(name, value);
    else if (key === 'IgnoreUnknown') ignoring = truth(pair, value);
    else unknown.push(pair);
  }
  if (unknown.length > 0 && !ignoring) throw new CniError(`ARGS: unknown args ${quoteList(unknown)}`);
  return found;
}

function truth(pair: string, value: string): boolean {
  const lower = value.toLowerCase();
  if (lower === '1' || lower === 'true') return true;
  if (lower === '0' || lower === 'false') return false;
  throw new CniError(
    `ARGS: error parsing value of pair ${quote(pair)}: boolean unmarshal error: invalid input ${lower}`,
  );
}
