import { Problem } from '../../bootstrap/say.mjs';
import { ensureBuilt } from '../../start/build.ts';
import { readSettings } from '../../start/settings.ts';
import { failure, type Outcome, pass } from '../stage.ts';

/** The production build that budgets and end-to-end tests run against; kept when sources did not change. */
export async function build(): Promise<Outcome> {
  try {
    await ensureBuilt(readSettings([], process.env));
    return pass();
  } catch (error) {
    if (error instanceof Problem) return failure(`${error.message}\n${error.remedy}`);
    throw error;
  }
}
