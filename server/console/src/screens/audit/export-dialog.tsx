import { Button, Checkbox, Group, Modal, NativeSelect, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Query } from '../../api/call.ts';
import { downloadFile } from '../../parts/download.ts';
import { Refused } from '../../parts/form/refused.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { takeExport } from './take-export.ts';

const words = t.audit.export;

/** Takes the record along, in a format that other programs read. */
export function ExportDialog({ query, onClose }: { query: Query; onClose: () => void }) {
  const [format, setFormat] = useState('jsonl');
  const [withText, setWithText] = useState(false);
  const [progress, setProgress] = useState<{ lines: number; all: number }>();
  const [error, setError] = useState<unknown>();
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);
  const isFiltered = Object.values(query).some((value) => value !== undefined);
  const go = async () => {
    const { signal } = (stopping.current = new AbortController());
    setError(undefined);
    setProgress({ lines: 0, all: 0 });
    try {
      const wish = { ...query, format, text: withText ? 'yes' : 'no' };
      const { name, file } = await takeExport(wish, (lines, all) => setProgress({ lines, all }), signal);
      downloadFile(name, file);
      tell(words.saved(name));
      onClose();
    } catch (refusal) {
      if (signal.aborted) tell(words.stopped);
      else setError(refusal);
      setProgress(undefined);
    }
  };
  return (
    <Modal opened onClose={onClose} title={words.title}>
      <Stack>
        <Text size="sm">{words.text}</Text>
        <NativeSelect
          label={words.format}
          data={Object.entries(words.formats).map(([value, label]) => ({ value, label }))}
          value={format}
          onChange={({ currentTarget }) => setFormat(currentTarget.value)}
          disabled={progress !== undefined}
        />
        <Checkbox
          label={words.withText}
          checked={withText}
          onChange={({ currentTarget }) => setWithText(currentTarget.checked)}
          disabled={progress !== undefined}
        />
        {format === 'jsonl' && (
          <Text size="sm" c="dimmed">
            {isFiltered ? words.filtered : words.whole}
          </Text>
        )}
        {progress !== undefined && (
          <Stack gap={4}>
            <Progress
              value={progress.all === 0 ? 0 : (progress.lines * 100) / progress.all}
              aria-label={words.title}
              animated={progress.all === 0}
            />
            <Text size="sm" role="status">
              {progress.all === 0 ? words.counting : words.progress(progress.lines, progress.all)}
            </Text>
          </Stack>
        )}
        <Refused error={error} />
        <Group justify="flex-end">
          {progress === undefined ? (
            <>
              <Button variant="default" onClick={onClose}>
                {t.common.cancel}
              </Button>
              <Button onClick={() => void go()}>{words.go}</Button>
            </>
          ) : (
            <Button variant="default" onClick={() => stopping.current?.abort()}>
              {words.stop}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
