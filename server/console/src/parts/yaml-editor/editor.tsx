import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Stack, Text, useComputedColorScheme } from '@mantine/core';
import CodeMirror, { EditorState, EditorView } from '@uiw/react-codemirror';
import { useEffect, useMemo, useState } from 'react';
import { nonce } from '../../app/nonce.ts';
import { t } from '../../strings/index.ts';
import { completesBy } from './complete-yaml.ts';
import { editorLook } from './editor-look.ts';
import { FaultList } from './fault-list.tsx';
import { type DocumentFault, rangeOf } from './faults.ts';
import type { YamlEditorProps } from './editor-props.ts';

/** The text of a document, with what is wrong at its place. Tab leaves it: it is no trap for who has no mouse. */
export default function Editor({ value, onChange, label, schema, faults, maxHeight = '65vh' }: YamlEditorProps) {
  const dark = useComputedColorScheme('light') === 'dark';
  const [view, setView] = useState<EditorView>();
  const isEditable = onChange !== undefined;
  const extensions = useMemo(
    () => [
      yaml(),
      EditorView.cspNonce.of(nonce),
      EditorState.phrases.of(t.yamlEditor.phrases),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      editorLook(dark),
      ...(isEditable ? [lintGutter()] : []),
      ...(schema === undefined ? [] : [completesBy(schema)]),
    ],
    [dark, label, schema, isEditable],
  );
  useEffect(() => {
    if (view !== undefined && faults !== undefined) showFaults(view, faults);
  }, [view, faults]);
  const goTo = (fault: DocumentFault) => {
    if (view === undefined) return;
    const { from } = rangeOf(fault, lineOf(view));
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    view.focus();
  };
  return (
    <Stack gap="xs">
      <CodeMirror
        value={value}
        maxHeight={maxHeight}
        theme="none"
        indentWithTab={false}
        readOnly={!isEditable}
        extensions={extensions}
        onCreateEditor={setView}
        basicSetup={{ foldGutter: false, highlightActiveLine: isEditable, highlightActiveLineGutter: isEditable }}
        {...(onChange === undefined ? {} : { onChange })}
      />
      {isEditable && (
        <Text size="xs" c="dimmed">
          {t.yamlEditor.keys}
        </Text>
      )}
      {faults !== undefined && <FaultList faults={faults} goTo={goTo} />}
    </Stack>
  );
}

const lineOf =
  ({ state: { doc } }: EditorView) =>
  (line: number) =>
    line <= doc.lines ? doc.line(line) : undefined;

function showFaults(view: EditorView, faults: readonly DocumentFault[]): void {
  const diagnostics = faults.map((fault): Diagnostic => ({
    ...rangeOf(fault, lineOf(view)),
    severity: 'error',
    message: fault.message,
  }));
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
