/** What the dashboard shows of a person; `DashboardRow` of lib/server/teams is what is sent. Times are ISO 8601. */
export type DashboardRow = {
  learnerId: string;
  name: string;
  role: 'manager' | 'member';
  /** By lesson id; a lesson that was not opened has no entry. */
  lessons: Record<string, { started: string; completed: string | null }>;
};

export type DashboardModule = { id: string; title: string; lessons: { id: string; title: string; href: string }[] };
