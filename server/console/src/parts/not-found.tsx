import { IconMapQuestion } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import { EmptyState } from './empty-state.tsx';

export function NotFound() {
  return <EmptyState icon={IconMapQuestion} title={t.common.notFoundTitle} text={t.common.notFound} />;
}
