import { lazy, Suspense } from 'react';
import { Waiting } from '../waiting.tsx';
import type { DiffProps } from './diff-props.ts';

const DiffTable = lazy(() => import('./diff-table.tsx'));

/** Two texts, line by line. */
export function Diff(props: DiffProps) {
  return (
    <Suspense fallback={<Waiting />}>
      <DiffTable {...props} />
    </Suspense>
  );
}
