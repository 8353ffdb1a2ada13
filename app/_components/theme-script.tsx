import { CONTENTS_KEY, THEME_KEY } from '@/lib/shared/stored-choices';

/**
 * Runs before the first paint, so that no page flashes in the wrong theme: sets `data-theme` from the stored choice, else
 * from the system, and follows the system while nothing is stored. Folded contents are folded from the start as well.
 */
const script = `(() => {
  const root = document.documentElement, dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => { try { return localStorage.getItem('${THEME_KEY}') } catch { return null } };
  const apply = () => { root.dataset.theme = stored() ?? (dark.matches ? 'dark' : 'light') };
  apply();
  try { if (localStorage.getItem('${CONTENTS_KEY}')) root.dataset.contents = 'folded' } catch {}
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
})()`;

export function ThemeScript() {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own constant.
  return <script dangerouslySetInnerHTML={{ __html: script }} />;
}
