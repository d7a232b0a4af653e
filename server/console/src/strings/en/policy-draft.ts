import { plural } from '../plural.ts';
import * as terms from './terms.ts';

/** A text on its way to what counts. */
export const policyDraft = {
  newTitle: 'New policy',
  newOf: (name: string) => `Change ${name}`,
  newLead: 'Nothing changes before somebody else approves it. Save it to keep it, and to replay it over the fleet.',
  title: (name: string) => `Draft of ${name}`,
  retireTitle: (name: string) => `${name} out of force`,
  nameless: 'Draft of a policy',
  text: 'Text',
  changes: 'Changes',
  views: 'What to look at',
  editorLabel: 'Policy document',
  save: 'Save',
  saved: terms.saved,
  savedAs: 'Saved as a draft.',
  unsaved: 'Not saved yet',
  replay: 'Replay over the fleet',
  submit: 'Submit for approval',
  submitted: 'Submitted. Another admin has to approve it; ask one.',
  takeBack: 'Take back to edit',
  takeBackTitle: 'Take it back to edit it?',
  takeBackText: (isAuthor: boolean) =>
    isAuthor
      ? 'It does not wait for approval any more, until it is submitted again.'
      : 'It does not wait for approval any more, and you become one of its authors: then you cannot approve it.',
  watchOnly: 'Watch only first',
  enforce: 'Enforce at once',
  watchOnlyHint:
    'Watching shows what the rules find and blocks nobody. A device that no enforced policy covers gets no tokens, so that the replay is worth a look.',
  now: {
    faults: (count: number) => `${plural(count, 'thing')} in the text to put right before it can be submitted.`,
    outdated:
      'Another version came into force since this was written. Compare it, edit it, and save it to go on from there.',
    toReplay: 'The text is in order. Replay it over the fleet to see whom it would block, then submit it.',
    toSubmit: 'It was replayed. Submit it, so that somebody else can approve it.',
    toSubmitAlone: 'It was replayed. You are the only admin: submit it, then approve it with a proof of who you are.',
    toApprove: (authors: string) =>
      `It waits for your approval. Written by ${authors}. Read the changes, then approve it or discard it.`,
    waits: 'It waits for another admin, one who wrote none of it.',
    published: (version: number, name: string) => `Approved by ${name}, and in force as version ${version}.`,
    retired: (name: string) => `Approved by ${name}: the policy is out of force.`,
    discarded: (name: string) => `Discarded by ${name}. Nothing was changed.`,
    readOnly: 'An admin is writing it.',
  },
  toPolicy: 'To the policy',
  authors: 'Written by',
  edited: 'Last edited',
  submittedAt: 'Submitted',
  base: 'Written on',
  noBase: 'a new policy',
  changed: (count: number) =>
    `${plural(count, 'rule')} would demand something else, or be gone: exceptions from ${count === 1 ? 'it' : 'them'} end.`,
  noChanged: 'No exception ends: every rule that there is demands what it did.',
  unknownChanged: 'Which rules change cannot be told while the text has faults.',
  diffLabel: 'What is in force against this draft',
  noDiff: 'There is nothing in force to compare it with.',
  replayed: (sentence: string) => `Replayed: ${sentence}.`,
  notReplayed: 'Nobody has replayed this text. Whom it would block is not known.',
  seeReplay: 'See the replay',
  approveRetireTitle: (name: string) => `Take ${name} out of force?`,
  approveText: (name: string) =>
    `It counts at once for everybody whom ${name} applies to. You approve exactly the text that you see here.`,
  approveProof: (name: string) => `You put a new text of ${name} into force.`,
  approved: (version: number) => `Approved: version ${version} is in force.`,
  approvedRetirement: 'Approved: it is out of force.',
  discardTitle: 'Discard this draft?',
  discardText: (authors: string) => `What ${authors} wrote is not put into force. It stays to be read.`,
  conflictTitle: (name: string) => `${name} saved another text meanwhile`,
  conflictText: 'Yours is not saved. Compare the two, then decide which one goes on.',
  conflictDiff: 'Theirs against yours',
  takeTheirs: 'Take theirs',
  keepMine: 'Go on with mine',
};
