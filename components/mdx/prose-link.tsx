import Link from 'next/link';
import type { ComponentProps } from 'react';

/** Pages of ours by the router; addresses elsewhere as they are. */
export function ProseLink({ href = '', ...props }: ComponentProps<'a'>) {
  if (!href.startsWith('/')) return <a href={href} {...props} />;
  return <Link href={href} prefetch={false} {...(props as Omit<ComponentProps<typeof Link>, 'href'>)} />;
}
