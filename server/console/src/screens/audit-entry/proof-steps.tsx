import { Group, Stack, Text, Title } from '@mantine/core';
import { IconCheck, IconHelp, IconMinus, IconX } from '@tabler/icons-react';
import { Sign } from '../../parts/sign.tsx';
import { t } from '../../strings/index.ts';
import { type ProofResult, type ProofStep, proofSteps, type StepOutcome } from './verify-proof.ts';

const words = t.audit.proof;

const looks = {
  holds: { color: 'green', icon: IconCheck },
  fails: { color: 'red', icon: IconX },
  'not-checked': { color: 'gray', icon: IconHelp },
  none: { color: 'gray', icon: IconMinus },
} as const satisfies Record<StepOutcome, object>;

/** Each step of the check, and how it came out. */
export function ProofSteps({ result }: { result: ProofResult }) {
  const { steps } = result;
  return (
    <div>
      <Title order={3} size="h5" mb="xs">
        {words.steps}
      </Title>
      <Stack component="ol" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
        {proofSteps.map((step) => {
          const more = detailOf(step, result);
          return (
            <li key={step} data-step={step} data-outcome={steps[step]}>
              <Group gap="xs" wrap="wrap">
                <Sign {...looks[steps[step]]} label={words.outcome[steps[step]]} />
                <Text size="sm">{words.step[step]}</Text>
              </Group>
              {more !== undefined && (
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {more}
                </Text>
              )}
            </li>
          );
        })}
      </Stack>
    </div>
  );
}

function detailOf(step: ProofStep, { leaf, hashes, size, steps, keyId }: ProofResult): string | undefined {
  if (step === 'leaf') return words.leaf(leaf);
  if (step === 'path') return words.path(hashes, size);
  if (step === 'text' && steps.text === 'none') return words.noText;
  if (step === 'signature') return keyId === null ? words.noKey : words.keyId(keyId);
  return undefined;
}
