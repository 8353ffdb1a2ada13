/** Names under which a browser keeps what its reader chose about the look of pages. */
export const THEME_KEY = 'theme';
export const CONTENTS_KEY = 'contents';
