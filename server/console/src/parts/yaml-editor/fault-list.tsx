import { Anchor, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { t } from '../../strings/index.ts';
import type { DocumentFault } from './faults.ts';

const words = t.yamlEditor;

/** What is wrong, below the editor: each leads to its place. Who listens hears of it when it changes. */
export function FaultList({
  faults,
  goTo,
}: {
  faults: readonly DocumentFault[];
  goTo: (fault: DocumentFault) => void;
}) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600} role="status">
        {faults.length === 0 ? <IconCheck size={14} aria-hidden /> : <IconAlertTriangle size={14} aria-hidden />}{' '}
        {words.faults(faults.length)}
      </Text>
      {faults.length > 0 && (
        <List type="ordered" size="sm" aria-label={words.faultList}>
          {faults.map((fault) => (
            <List.Item key={`${fault.line} ${fault.column} ${fault.message}`}>
              {fault.line === undefined ? (
                fault.message
              ) : (
                <Anchor component="button" type="button" ta="start" onClick={() => goTo(fault)}>
                  {words.atLine(fault.line, fault.message)}
                </Anchor>
              )}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
