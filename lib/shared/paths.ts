/**
 * Every address of the site, written once. Ids and slugs are kebab-case by schema; encoding them all the same keeps a
 * link right whatever a private content folder holds.
 */
const part = (text: string) => encodeURIComponent(text);

export const paths = {
  home: '/',
  course: (courseId: string) => `/courses/${part(courseId)}`,
  lesson: (courseId: string, slug: string, anchor?: string) =>
    `/courses/${part(courseId)}/${part(slug)}${anchor ? `#${part(anchor)}` : ''}`,
  glossary: '/glossary',
  commands: '/commands',
  sandbox: '/sandbox',
  signIn: '/sign-in',
  signUp: '/sign-up',
  profile: '/profile',
  teams: '/teams',
  team: (teamId: string) => `/teams/${part(teamId)}`,
  join: (token: string) => `/join/${part(token)}`,
} as const;

/** Addresses of the JSON interface. */
export const api = {
  events: '/api/events',
  me: '/api/me',
  progress: '/api/progress',
  terminalLog: '/api/terminal-log',
  export: '/api/export',
  deleteMyData: '/api/delete-my-data',
  health: '/api/health',
  contentChanges: '/api/content-changes',
  teamDashboard: (teamId: string) => `/api/teams/${part(teamId)}/dashboard`,
} as const;

/** The one small personal request of a page. @param lessonId of a lesson's page, else '' */
export const meOf = (lessonId: string): string => (lessonId ? `${api.me}?lesson=${part(lessonId)}` : api.me);

/** A page of sign-in or sign-up that comes back to `next` afterwards. */
export function withNext(path: string, next: string): string {
  return `${path}?next=${encodeURIComponent(next)}`;
}

/** Where to go after sign-in: only a path of this site, never another host (`//evil`, `/\evil`, `https:`). */
export function safeNext(next: string | null | undefined, fallback: string = paths.home): string {
  return next && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(next) ? next : fallback;
}
