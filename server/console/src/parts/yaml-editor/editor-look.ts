import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { color as oneDarkColor, EditorView, type Extension, oneDarkHighlightStyle } from '@uiw/react-codemirror';

/** In the colours of the page around it. */
const frame = (dark: boolean) =>
  EditorView.theme(
    {
      '&': {
        backgroundColor: 'var(--mantine-color-body)',
        color: 'var(--mantine-color-text)',
        fontSize: 'var(--mantine-font-size-sm)',
        border: '1px solid var(--mantine-color-default-border)',
        borderRadius: 'var(--mantine-radius-md)',
      },
      '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '1px' },
      '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.5' },
      '.cm-content': { caretColor: 'var(--mantine-color-text)' },
      '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
      '.cm-gutters': {
        backgroundColor: 'var(--mantine-color-body)',
        color: 'var(--mantine-color-dimmed)',
        borderRight: '1px solid var(--mantine-color-default-border)',
      },
      '.cm-activeLine, .cm-activeLineGutter': {
        backgroundColor: 'color-mix(in srgb, var(--mantine-color-text) 6%, transparent)',
      },
      '.cm-panels': { backgroundColor: 'var(--mantine-color-default)', color: 'var(--mantine-color-text)' },
      '.cm-panel.cm-search': {
        padding: '0.5rem 2rem 0.5rem 0.5rem',
        fontFamily: 'var(--mantine-font-family)',
        '& input, & button, & label': { fontSize: 'var(--mantine-font-size-xs)' },
        '& [name=close]': { padding: '0.25rem 0.5rem' },
      },
      '.cm-button': {
        backgroundImage: 'none',
        border: '1px solid var(--mantine-color-default-border)',
        borderRadius: 'var(--mantine-radius-sm)',
      },
      '.cm-tooltip': {
        backgroundColor: 'var(--mantine-color-body)',
        color: 'var(--mantine-color-text)',
        border: '1px solid var(--mantine-color-default-border)',
        borderRadius: 'var(--mantine-radius-sm)',
        maxWidth: 'min(32rem, 90vw)',
      },
      '.cm-tooltip .cm-completionInfo': { padding: '0.5rem', maxWidth: '22rem' },
      '.cm-tooltip-autocomplete ul li[aria-selected]': {
        backgroundColor: 'var(--mantine-primary-color-filled)',
        color: '#fff',
      },
      '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.85' },
      '.cm-hover-about': { padding: '0.5rem', fontFamily: 'var(--mantine-font-family)' },
      '.cm-diagnostic': { fontFamily: 'var(--mantine-font-family)' },
    },
    { dark },
  );

/** One Dark, whose comments and keys would be too faint to read on a marked line. */
const brighter: Readonly<Record<string, string>> = { [oneDarkColor.stone]: '#a5adba', [oneDarkColor.coral]: '#f0969d' };

const darkColors = HighlightStyle.define(oneDarkHighlightStyle.specs.map(bright));

/** Light colours are those that the editor comes with: dark enough on white. */
export function editorLook(dark: boolean): Extension {
  return dark ? [frame(true), syntaxHighlighting(darkColors)] : frame(false);
}

function bright(spec: (typeof oneDarkHighlightStyle.specs)[number]): typeof spec {
  const color = brighter[String(spec['color'])];
  return color === undefined ? spec : { ...spec, color };
}
