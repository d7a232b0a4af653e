import { useDocumentTitle } from '@mantine/hooks';
import { IconLock } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import { ButtonLink } from './app-link.tsx';
import { EmptyState } from './empty-state.tsx';

/** In place of a part of a screen. */
export function NotForYou({ sentence }: { sentence: string }) {
  return <EmptyState icon={IconLock} title={t.common.notForYouTitle} text={sentence} />;
}

/** In place of a whole screen, with a way on. */
export function ScreenNotForYou() {
  useDocumentTitle(`${t.common.notForYouTitle} · ${t.common.product}`);
  return (
    <EmptyState order={1} icon={IconLock} title={t.common.notForYouTitle} text={t.common.notForYou}>
      <ButtonLink to="/">{t.common.toStart}</ButtonLink>
    </EmptyState>
  );
}
