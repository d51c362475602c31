import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** The level of the thread's title in the outline of the page around the element. */
export const HeadingLevel = createContext(2);

interface HeadingProps {
  /** Levels below the title: 1 for a message, 2 for what is in it. */
  below: 0 | 1 | 2;
  class: string;
  dir?: 'auto';
  children: ComponentChildren;
}

export function Heading({ below, ...props }: HeadingProps) {
  const level = useContext(HeadingLevel);
  const Tag = (['h2', 'h3', 'h4'] as const)[below];
  return <Tag aria-level={level === 2 ? undefined : level + below} {...props} />;
}
