/** What awk prints without a program. */
export const AWK_USAGE = ``;
