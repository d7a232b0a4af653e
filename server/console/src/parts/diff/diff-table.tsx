import { Stack, Text, VisuallyHidden } from '@mantine/core';
import { useMemo } from 'react';
import { t } from '../../strings/index.ts';
import { type DiffRow, diffRows } from './diff-rows.ts';
import type { DiffProps } from './diff-props.ts';
import classes from './diff.module.css';

const words = t.diff;

/** A table, so that who listens hears which line came and which one went; signs beside the colours. */
export default function DiffTable({ before, after, label }: DiffProps) {
  const rows = useMemo(() => diffRows(before, after), [before, after]);
  if (rows.length === 0) return <Text size="sm">{words.same}</Text>;
  const count = (kind: DiffRow['kind']) => rows.filter((row) => row.kind === kind).length;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {words.summary(count('added'), count('removed'))}
      </Text>
      <table className={classes['diff']} aria-label={label}>
        <thead>
          <tr>
            {[words.before, words.after, words.sign, words.text].map((title) => (
              <th key={title} scope="col">
                <VisuallyHidden>{title}</VisuallyHidden>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.kind === 'gap' ? `gap ${row.from}` : `${row.before ?? ''} ${row.after ?? ''}`} row={row} />
          ))}
        </tbody>
      </table>
    </Stack>
  );
}

function Row({ row }: { row: DiffRow }) {
  if (row.kind === 'gap')
    return (
      <tr className={classes['gap']}>
        <td colSpan={4}>{words.gap(row.lines)}</td>
      </tr>
    );
  const { kind, before, after, pieces } = row;
  const Element = kind === 'added' ? 'ins' : kind === 'removed' ? 'del' : 'span';
  return (
    <tr data-kind={kind}>
      <td className={classes['number']}>{before}</td>
      <td className={classes['number']}>{after}</td>
      <td>
        {kind !== 'same' && (
          <>
            <span aria-hidden>{kind === 'added' ? '+' : '−'}</span>
            <VisuallyHidden>{words[kind]}</VisuallyHidden>
          </>
        )}
      </td>
      <td className={classes['text']}>
        <Element>
          {pieces.map(({ text, isChanged }, index) =>
            // oxlint-disable-next-line react/no-array-index-key -- pieces of one line have no other name
            isChanged ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
          )}
        </Element>
      </td>
    </tr>
  );
}
