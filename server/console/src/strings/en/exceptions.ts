import * as screenNames from './screen-names.ts';
import * as terms from './terms.ts';

export const exceptions = {
  title: screenNames.exceptions,
  lead: 'Who departs from which rule, until when. What ends first is first.',
  tab: { active: terms.inForce, soon: 'Ends within a day', history: 'History', all: 'All' },
  tabs: 'Which exceptions',
  list: {
    active: 'Exceptions in force',
    soon: 'Exceptions that end within a day',
    history: 'Exceptions that are over',
    all: 'All exceptions',
  },
  columns: {
    who: terms.person,
    what: terms.what,
    device: terms.device,
    state: terms.state,
    left: terms.ends,
    asked: terms.asked,
    ended: terms.ended,
    how: 'How it ended',
    reason: terms.reason,
    actions: 'End it',
  },
  empty: {
    activeTitle: 'Nobody departs from a rule',
    activeText: 'Exceptions appear here once they are approved. What waits is in the inbox.',
    soonTitle: 'Nothing ends within a day',
    soonText: 'What lasts longer is under “In force”.',
    historyTitle: 'Nothing is over yet',
    historyText: 'Denied, expired and revoked exceptions stay here for good.',
    filteredTitle: terms.nothingMatches,
    filteredText: 'No exception here fits these filters.',
    toInbox: 'Go to the inbox',
  },
};
