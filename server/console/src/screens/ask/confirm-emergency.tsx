import { List, Text } from '@mantine/core';
import { Confirm } from '../../parts/confirm.tsx';
import { secondsOf } from '../../parts/mine/lengths.ts';
import { scopeText } from '../../parts/mine/scope.ts';
import { sayLength } from '../../parts/say-time.ts';
import { t } from '../../strings/index.ts';
import { scopeOf } from './scope-of.ts';
import type { Request } from './wish.ts';

const words = t.ask.confirm;

/** Says what follows before somebody helps themselves. */
export function ConfirmEmergency({
  opened,
  onClose,
  request,
  act,
}: {
  opened: boolean;
  onClose: () => void;
  request: Request;
  act: () => Promise<unknown>;
}) {
  return (
    <Confirm opened={opened} onClose={onClose} title={words.title} button={t.ask.sendEmergency} danger act={act}>
      <Text size="sm">{words.text(scopeText(scopeOf(request)), sayLength(secondsOf(request.duration)))}</Text>
      <List size="sm">
        {words.follows.map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
    </Confirm>
  );
}
