import { Text, VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { t } from '../../strings/index.ts';
import { journeyOf, journeySteps } from './journey.ts';
import classes from './journey-steps.module.css';

const words = t.journey;

/** Where a text is on its way to what counts for everybody. */
export function JourneySteps(standing: Parameters<typeof journeyOf>[0]) {
  const how = journeyOf(standing);
  return (
    <div>
      <ol className={classes['steps']} aria-label={words.label}>
        {journeySteps.map((step, index) => (
          <li key={step} data-how={how[step]} {...(how[step] === 'now' ? { 'aria-current': 'step' as const } : {})}>
            <span className={classes['sign']} aria-hidden>
              {how[step] === 'done' ? <IconCheck size={12} /> : index + 1}
            </span>
            {words.steps[step]}
            {how[step] !== 'ahead' && <VisuallyHidden>, {words[how[step]]}</VisuallyHidden>}
          </li>
        ))}
      </ol>
      <Text size="xs" c="dimmed" mt={4}>
        {words.rollBack}
      </Text>
    </div>
  );
}
