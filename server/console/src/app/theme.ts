import { createTheme, type CSSVariablesResolver, type MantineColor } from '@mantine/core';
import { t } from '../strings/index.ts';

const colors: readonly MantineColor[] = ['blue', 'green', 'yellow', 'orange', 'red', 'violet', 'gray', 'teal'];

/** Calm, dense enough for lists, and with the contrast that WCAG 2.2 AA asks for (axe looks at every screen). */
export const theme = createTheme({
  // The face of the machine: nothing to fetch, and what people read all day. Inter where it is installed.
  fontFamily: 'Inter, system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '600' },
  components: {
    Badge: { defaultProps: { tt: 'none', variant: 'light' }, styles: { label: { overflow: 'visible' } } },
    CloseButton: { defaultProps: { 'aria-label': t.common.close } },
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': t.common.close }, centered: true } },
    // A header of its own would be a second banner of the page to screen readers.
    ModalHeader: { defaultProps: { component: 'div' } },
    DrawerHeader: { defaultProps: { component: 'div' } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': t.common.close } } },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, events: { hover: true, focus: true, touch: true } } },
    Anchor: { defaultProps: { underline: 'always' } },
  },
});

/** Mantine's own soft colours are too faint for small text. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#5c636a',
    '--mantine-color-anchor': 'var(--mantine-color-blue-8)',
    // Red words also stand on the page itself, which is not quite white.
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-red-outline': 'var(--mantine-color-red-9)',
    ...Object.fromEntries(
      colors.map((name) => [
        `--mantine-color-${name}-light-color`,
        `color-mix(in srgb, var(--mantine-color-${name}-9), #000 30%)`,
      ]),
    ),
  },
  dark: {
    '--mantine-color-dimmed': '#a6a7ab',
    '--mantine-color-placeholder': '#a6a7ab',
    '--mantine-color-anchor': 'var(--mantine-color-blue-4)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    ...Object.fromEntries(
      colors.map((name) => [`--mantine-color-${name}-light-color`, `var(--mantine-color-${name}-2)`]),
    ),
  },
});
