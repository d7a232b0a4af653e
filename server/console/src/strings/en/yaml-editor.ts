import { plural } from '../plural.ts';

export const yamlEditor = {
  faults: (count: number) =>
    count === 0 ? 'Nothing is wrong with this text' : `${plural(count, 'thing')} to put right`,
  faultList: 'What is wrong with the text',
  atLine: (line: number, message: string) => `Line ${line}: ${message}`,
  keys: 'Ctrl Space offers what may stand here, F8 goes to the next fault, Tab leaves the text.',
  /** What the editor itself says; the keys are its own. */
  phrases: {
    Find: 'Find',
    Replace: 'Replace by',
    next: 'Next',
    previous: 'Previous',
    all: 'Select all',
    'match case': 'Upper and lower case count',
    regexp: 'Regular expression',
    'by word': 'Whole words',
    replace: 'Replace',
    'replace all': 'Replace all',
    close: 'Close',
    'current match': 'Found',
    'on line': 'in line',
    'replaced match on line $': 'Replaced in line $',
    'replaced $ matches': '$ replaced',
    'Go to line': 'Go to line',
    go: 'Go',
    Completions: 'What may stand here',
    Diagnostics: 'What is wrong with the text',
    'No diagnostics': 'Nothing is wrong with this text',
    'Control character': 'Control character',
    'Selection deleted': 'The selection is deleted',
  },
};

export const diff = {
  versionOf: (version: number) => `Version ${version}`,
  from: 'Earlier',
  to: 'Later',
  diffLabel: (from: number, to: number) => `Version ${from} against version ${to}`,
  oneVersion: 'There is one version so far. When another one is published, the two can be compared here.',
  same: 'The two texts say the same.',
  before: 'Line before',
  after: 'Line after',
  sign: 'Change',
  text: 'Text',
  removed: 'removed',
  added: 'added',
  gap: (count: number) => `${plural(count, 'line')} that did not change`,
  summary: (added: number, removed: number) => `${plural(added, 'line')} added, ${removed} removed`,
};
