import type { ReactNode } from 'react';
import styles from './figure.module.css';

/** `children` is the drawing when it is SVG: it stands in the page and takes the colours of the theme. */
export function Figure({
  src,
  alt,
  caption,
  width,
  height,
  children,
}: {
  src?: string;
  alt: string;
  caption?: string;
  width?: number;
  height?: number;
  children?: ReactNode;
}) {
  return (
    <figure className={styles.figure}>
      {children ? (
        <div
          role="img"
          aria-label={alt}
          className={styles.drawing}
          style={{ maxWidth: width, aspectRatio: width && height ? `${width} / ${height}` : undefined }}
        >
          {children}
        </div>
      ) : (
        // biome-ignore lint/performance/noImgElement: embedded data, nothing to optimise.
        <img src={src} alt={alt} width={width} height={height} />
      )}
      {caption && <figcaption>{caption}</figcaption>}
    </figure>
  );
}
