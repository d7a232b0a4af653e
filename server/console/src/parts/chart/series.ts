/** One line, area or bar of a chart. */
export interface Series {
  name: string;
  label: string;
  /** A colour of the theme that stands out on light and dark. */
  color: string;
}

/** The values at one place of a chart, by the names of its series. */
export type Point = Readonly<Record<string, string | number>>;
