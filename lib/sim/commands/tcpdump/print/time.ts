import { type Micros, SECOND } from '../../../base/index.ts';
import { civilTime } from '../../../os/index.ts';

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

function date(at: Micros): string {
  const { year, month, day } = civilTime(Math.floor(at / SECOND));
  return `${year}-${two(month)}-${two(day)}`;
}
