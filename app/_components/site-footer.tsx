import Link from 'next/link';
import styles from './site-footer.module.css';

export function SiteFooter({ links }: { links: { href: string; title: string }[] }) {
  return (
    <footer className={styles.footer} data-print="hide">
      <p>Learn Kubernetes networking hop by hop, on a network that is alive in your browser.</p>
      <nav aria-label="More">
        {links.map(({ href, title }) => (
          <Link key={href} href={href}>
            {title}
          </Link>
        ))}
      </nav>
      <p>Code under the MIT licence, lessons under CC BY 4.0.</p>
    </footer>
  );
}
