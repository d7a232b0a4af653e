import { useDocumentTitle } from '@mantine/hooks';
import { IconMapQuestion } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import { ButtonLink } from './app-link.tsx';
import { EmptyState } from './empty-state.tsx';

/** In place of a part of a screen. */
export function NotFound() {
  return <EmptyState icon={IconMapQuestion} title={t.common.notFoundTitle} text={t.common.notFound} />;
}

/** In place of a whole screen, with a way on. */
export function ScreenNotFound() {
  useDocumentTitle(`${t.common.notFoundTitle} · ${t.common.product}`);
  return (
    <EmptyState order={1} icon={IconMapQuestion} title={t.common.notFoundTitle} text={t.common.notFound}>
      <ButtonLink to="/">{t.common.toStart}</ButtonLink>
    </EmptyState>
  );
}
