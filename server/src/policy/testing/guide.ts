import { readFileSync } from 'node:fs';

const guide = new URL('../../../../docs/policies.md', import.meta.url);

/** The policies that docs/policies.md shows: every block of YAML in it that is a whole document. */
export function guideExamples(): [string, string][] {
  const blocks = readFileSync(guide, 'utf8').split('```yaml\n').slice(1);
  return blocks
    .map((block) => block.split('\n```')[0] ?? '')
    .filter((text) => text.includes('policy: '))
    .map((text): [string, string] => [`the example ${/policy: (\S+)/.exec(text)?.[1] ?? ''} of the guide`, text]);
}
