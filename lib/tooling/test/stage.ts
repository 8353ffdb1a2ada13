/** What a stage of `npm test` came to. `report` is shown when something failed: it says what and where. */
export type Outcome = { passed: number; failed: number; report: string; note?: string };

export type Plan = {
  /** Words after the stages' names: paths for units. */
  paths: string[];
  /** What follows `--`: for Playwright. */
  playwright: string[];
};

export type Stage = { name: string; run: (plan: Plan) => Promise<Outcome> };

export const pass = (note?: string): Outcome => ({ passed: 1, failed: 0, report: '', note });

/** @param failed how many things are wrong; a stage that broke without a count has at least one */
export const failure = (report: string, failed = 1): Outcome => ({ passed: 0, failed: Math.max(1, failed), report });
