import type { DocumentFault } from './faults.ts';
import type { JsonSchema } from './schema-at.ts';

/** A document, and what is known of it. */
export interface YamlEditorProps {
  value: string;
  /** Absent: it is only to be read. */
  onChange?: (value: string) => void;
  /** What the text is, to screen readers. */
  label: string;
  /** What completes it. */
  schema?: JsonSchema | undefined;
  /** What is wrong with it; shown at its place, and as a list. Absent: nobody has looked. */
  faults?: readonly DocumentFault[] | undefined;
  maxHeight?: string;
}
