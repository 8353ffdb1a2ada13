import 'server-only';

/**
 * Teams: who is in them, how one gets in, and what a manager sees.
 *
 * Every function here takes the actor and asks `authorize` before anything else: pages, actions and routes carry no
 * checks of their own, so there is one place to read and one table (`teams.test.ts`) that tries every function as
 * everybody. What a manager sees of a member is exactly `DashboardRow`, and the page of an invitation says so.
 */
export { type Cell, type DashboardRow, dashboard } from './dashboard.ts';
export {
  acceptInvite,
  createInvite,
  type Invitation,
  type InviteRow,
  openInvites,
  readInvitation,
  revokeInvite,
} from './invites.ts';
export type { Actor, TeamRole } from './permissions.ts';
export {
  createTeam,
  deleteTeam,
  leaveTeam,
  removeMember,
  renameTeam,
  setRole,
  type TeamOverview,
  type TeamSummary,
  teamOverview,
  teamsOf,
} from './teams.ts';
