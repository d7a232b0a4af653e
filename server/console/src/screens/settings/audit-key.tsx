import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Installation } from '@postern/shared/protocol/settings';
import { keepers } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { CopyText } from '../../parts/copy-text.tsx';
import { Facts } from '../../parts/facts.tsx';
import { t } from '../../strings/index.ts';

const words = t.installation;

/** The key that the record is checked with, to be kept elsewhere. */
export function AuditKey({ auditKey: { key, origin, inUse } }: { auditKey: Installation['auditKey'] }) {
  const seesAudit = useIs(...keepers);
  return (
    <Card title={words.auditKey}>
      <Text size="sm">{words.auditKeyText}</Text>
      <CopyText text={key} label={words.auditKeyLabel} />
      <Facts facts={[[words.auditOrigin, origin]]} />
      {!inUse && (
        <Alert color="red" icon={<IconAlertTriangle />}>
          {words.auditNotInUse}
        </Alert>
      )}
      {seesAudit && (
        <AppLink to="/audit" size="sm">
          {words.toAudit}
        </AppLink>
      )}
    </Card>
  );
}
