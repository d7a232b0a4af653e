/**
 * Reads `softwareupdate --list --no-scan`, from both streams: the list and "nothing new" come on either, depending
 * on the release. The labels of what waits, or undefined where it says nothing that is known or is cut off.
 */
export function parseUpdateList(text: string): string[] | undefined {
  const labels: string[] = [];
  let isClear = false;
  let awaitsTitle = false;
  for (const line of text.split('\n')) {
    if (awaitsTitle) {
      // Every update has two lines, and the second ends with a comma.
      if (!/^\s+Title: [^\n]{1,400}, Recommended: (?:YES|NO),(?: Action: [a-z ]{1,40},)?\s*$/.test(line))
        return undefined;
      awaitsTitle = false;
      continue;
    }
    if (/^No (?:new software available|updates are available)\.\s*$/.test(line)) isClear = true;
    // Those that are recommended are marked with a star, the others with a dash.
    const label = /^[*-] Label: (\S[^\n]{0,300})$/.exec(line.trimEnd())?.[1];
    if (label !== undefined) labels.push(label);
    awaitsTitle = label !== undefined;
    // The mark of an update that was spoilt, or its second line without a first one.
    if (label === undefined && /^\s*(?:[*-]|Title: )/.test(line)) return undefined;
  }
  if (awaitsTitle || isClear === labels.length > 0) return undefined;
  return labels;
}
