import { describe, expect, it } from 'vitest';
import type { LogEntry } from '@/lib/sim/session';
import { withoutLastCommand } from './controller';

const entry = (kind: LogEntry['kind'], data = ''): LogEntry => ({ at: 0, tty: 0, kind, data });

describe('a restart without the last command', () => {
  it('leaves out the last thing that could change the world, and what followed it', () => {
    const log = [entry('line', 'a'), entry('tick'), entry('line', 'b'), entry('clear'), entry('tick')];
    expect(withoutLastCommand(log)).toEqual(log.slice(0, 2));
  });

  it('leaves nothing of a log without commands', () => {
    expect(withoutLastCommand([entry('tick'), entry('resize', '80x24')])).toEqual([]);
    expect(withoutLastCommand([])).toEqual([]);
  });
});
