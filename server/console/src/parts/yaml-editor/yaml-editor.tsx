import { lazy, Suspense } from 'react';
import { Waiting } from '../waiting.tsx';
import type { YamlEditorProps } from './editor-props.ts';

// The editor is larger than the rest of the console together.
const Editor = lazy(() => import('./editor.tsx'));

/** A YAML document, to be read or written. */
export function YamlEditor(props: YamlEditorProps) {
  return (
    <Suspense fallback={<Waiting />}>
      <Editor {...props} />
    </Suspense>
  );
}
