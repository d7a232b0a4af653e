import { plural } from '../plural.ts';

export const yamlEditor = {
  faults: (count: number) =>
    count === 0 ? 'Nothing is wrong with this text' : `${plural(count, 'thing')} to put right`,
  faultList: 'What is wrong with the text',
  atLine: (line: number, message: string) => `Line ${line}: ${message}`,
  keys: 'Ctrl Space offers what may stand here, F8 goes to the next fault, Tab leaves the text.',
};

export const diff = {
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
