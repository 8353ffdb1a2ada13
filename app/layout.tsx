import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { AccountMenu } from '@/components/progress/account-menu';
import { SyncStatus } from '@/components/progress/sync-status';
import { SnackbarHost } from '@/components/ui/snackbar';
import { paths } from '@/lib/shared/paths';
import { ContentReload } from './_components/content-reload';
import { SiteFooter } from './_components/site-footer';
import { SiteHeader } from './_components/site-header';
import styles from './_components/site-header.module.css';
import { ThemeScript } from './_components/theme-script';
import { jetbrainsMono, sourceSans } from './fonts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Hopwise – Kubernetes networking, hop by hop', template: '%s · Hopwise' },
  description: 'Learn Kubernetes networking hop by hop, on a network that is alive in your browser.',
  applicationName: 'Hopwise',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfcfa' },
    { media: '(prefers-color-scheme: dark)', color: '#131714' },
  ],
};

const main = [
  { href: '/courses', title: 'Course' },
  { href: paths.glossary, title: 'Glossary' },
  // Personal, so made for each reader: not worth the server's while before somebody goes there.
  { href: paths.teams, title: 'Teams', prefetch: false },
];

const more = [
  { href: paths.sandbox, title: 'Sandbox' },
  { href: paths.commands, title: 'Commands' },
  { href: paths.glossary, title: 'Glossary' },
];

function Account() {
  return (
    <>
      <div className={styles.sync}>
        <SyncStatus />
      </div>
      <AccountMenu />
    </>
  );
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className={`${sourceSans.variable} ${jetbrainsMono.variable}`} suppressHydrationWarning>
      <head>
        <ThemeScript />
      </head>
      <body>
        <a href="#main" className="skip-link">
          Skip to content
        </a>
        <SiteHeader links={main} account={<Account />} />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <SiteFooter links={more} />
        <SnackbarHost />
        {process.env.NODE_ENV === 'development' && <ContentReload />}
      </body>
    </html>
  );
}
