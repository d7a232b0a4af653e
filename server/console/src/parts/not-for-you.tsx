import { IconLock } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import { EmptyState } from './empty-state.tsx';

export function NotForYou({ sentence = t.common.notForYou }: { sentence?: string }) {
  return <EmptyState icon={IconLock} title={t.common.notForYouTitle} text={sentence} />;
}
