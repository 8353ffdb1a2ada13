/** Where the dock stands beside the text; the same width as in the lesson's layout. */
export const WIDE = '(min-width: 75rem)';

/** Of the element around the dock in a lesson's page. */
export const DOCK_ID = 'lesson-dock';
