import { Children, isValidElement, type ReactNode } from 'react';
import { type TabItem, Tabs as TabList } from '../ui/tabs';

type TabProps = { title: string; children: ReactNode };

/** Only carries its title and content to Tabs. */
export function Tab({ children }: TabProps) {
  return children;
}

export function Tabs({ children }: { children: ReactNode }) {
  const items = Children.toArray(children).flatMap((child): TabItem[] =>
    isValidElement<TabProps>(child) ? [{ title: child.props.title, content: child.props.children }] : [],
  );
  return <TabList items={items} label="Variants" />;
}
