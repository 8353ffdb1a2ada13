/** Ids of the events that this page made or took over, so that it answers for conflicts about them. */
export const ownEvents = new Set<string>();
