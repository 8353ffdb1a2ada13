import type { Micros } from '../../../base/index.ts';
import { SECOND } from '../../../base/index.ts';

/** `-t` (none), `-tt` (epoch), `-ttt` (since the last packet), `-tttt` (with date), `-ttttt` (since the first packet). */
export type TimeStyle = 'clock' | 'none' | 'epoch' | 'delta' | 'date' | 'elapsed';

export class Clock {
  #reference: Micros | undefined;

  constructor(private readonly style: TimeStyle) {}

  /** With the blank after it. `at` is in microseconds since the Unix epoch; clocks show UTC. */
  stamp(at: Micros): string {
    const { style } = this;
    if (style === 'none') return '';
    if (style === 'epoch') return `${Math.floor(at / SECOND)}.${fraction(at)} `;
    if (style === 'clock') return `${clock(at)} `;
    if (style === 'date') return `${date(at)} ${clock(at)} `;
    const reference = this.#reference ?? at;
    if (this.#reference === undefined || style === 'delta') this.#reference = at;
    return `${at < reference ? '-' : ' '}${clock(Math.abs(at - reference))} `;
  }
}

const two = (value: number): string => String(value).padStart(2, '0');
const fraction = (at: Micros): string => String(at % SECOND).padStart(6, '0');

function clock(at: Micros): string {
  const seconds = Math.floor(at / SECOND);
  return `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction(at)}`;
}

/** Civil date from days since the epoch (Howard Hinnant's algorithm; the simulator has no Date). */
function date(at: Micros): string {
  const days = Math.floor(at / SECOND / 86_400) + 719_468;
  const era = Math.floor(days / 146_097);
  const day = days - era * 146_097;
  const year = Math.floor((day - Math.floor(day / 1460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365);
  const ofYear = day - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return `${year + era * 400 + (month <= 2 ? 1 : 0)}-${two(month)}-${two(ofYear - Math.floor((153 * shifted + 2) / 5) + 1)}`;
}
