import type { ReactNode } from 'react';

export interface Column<Item> {
  key: string;
  title: string;
  /** What is shown. */
  show: (item: Item) => ReactNode;
  /** What stands in the CSV. */
  text: (item: Item) => string | number | boolean | null;
  /** A share of the width, as CSS has it. */
  width?: string;
  /** Numbers stand at the end. */
  numeric?: boolean;
}
