import { List, Text } from '@mantine/core';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { t } from '../../strings/index.ts';

const words = t.enrollment.code;

/** What people do who enroll their machine without an admin. */
export function ByCode() {
  return (
    <Card title={words.title}>
      <Text size="sm">{words.lead}</Text>
      <CopyText text={`${words.command} ${location.origin}`} label={t.enrollment.form.commandLabel} />
      <List type="ordered" size="sm">
        {words.steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      <Text size="sm">
        {words.page}: <AppLink to="/device">{`${location.origin}/console/device`}</AppLink>
      </Text>
    </Card>
  );
}
