import type { ReactNode } from 'react';

/** A column of a list, on the screen and in its CSV. */
export interface Column<Item> {
  key: string;
  title: string;
  /** What is shown. */
  show: (item: Item) => ReactNode;
  /** What stands in the CSV. */
  text: (item: Item) => string | number | boolean | null;
  /** A share of the width, as CSS has it. */
  width?: string;
  /** Its words are few and ours, and never broken where there is no space. */
  short?: boolean;
  /** Numbers stand at the end. */
  numeric?: boolean;
}
