import { Accordion, Code, Stack, Text } from '@mantine/core';
import { CopyText } from '../../parts/copy-text.tsx';
import { t } from '../../strings/index.ts';
import type { ProofResult } from './verify-proof.ts';

const words = t.audit.proof;

/** What the proof is worth: the key to compare with what one knows from elsewhere, and the bytes to check with other tools. */
export function TheKey({
  result,
  vkey,
  checkpoint,
  entry,
}: {
  result: ProofResult;
  vkey: string;
  checkpoint: string;
  entry: string;
}) {
  return (
    <Stack gap="xs">
      {result.verdict !== 'not-verified' && <Text size="sm">{words.notProven}</Text>}
      <Text size="sm">{words.honest}</Text>
      <CopyText text={vkey} label={words.key} />
      <Accordion variant="contained" order={3}>
        <Accordion.Item value="checkpoint">
          <Accordion.Control>{words.checkpoint}</Accordion.Control>
          <Accordion.Panel>
            <Bytes text={checkpoint} />
          </Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="entry">
          <Accordion.Control>{t.audit.entry.raw}</Accordion.Control>
          <Accordion.Panel>
            <Bytes text={entry} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

function Bytes({ text }: { text: string }) {
  return (
    <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {text}
    </Code>
  );
}
