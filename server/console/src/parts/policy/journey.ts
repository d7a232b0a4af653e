/** From the first word to what counts for everybody. */
export const journeySteps = ['draft', 'replay', 'approve', 'watch', 'enforce'] as const;
export type JourneyStep = (typeof journeySteps)[number];

interface Standing {
  /** Of the draft; `none`: only what is in force is looked at. */
  draft: 'faulty' | 'draft' | 'submitted' | 'published' | 'discarded' | 'none';
  isReplayed: boolean;
  /** What the text says: its rules count, or are watched. */
  enforcement: 'enforce' | 'report-only';
}

/** How far it is. Watching is a step that may be left out, and replaying one that nobody can be made to take. */
export function journeyOf({ draft, isReplayed, enforcement }: Standing): Record<JourneyStep, 'done' | 'now' | 'ahead'> {
  const isDecided = draft === 'published' || draft === 'none';
  const isWritten = isDecided || draft === 'submitted' || draft === 'draft';
  const isOpen = draft === 'draft';
  return {
    draft: isWritten ? 'done' : draft === 'faulty' ? 'now' : 'ahead',
    replay: isReplayed ? 'done' : isOpen ? 'now' : 'ahead',
    approve: isDecided ? 'done' : draft === 'submitted' || (isOpen && isReplayed) ? 'now' : 'ahead',
    watch: isDecided && enforcement === 'report-only' ? 'now' : 'ahead',
    enforce: isDecided && enforcement === 'enforce' ? 'now' : 'ahead',
  };
}
