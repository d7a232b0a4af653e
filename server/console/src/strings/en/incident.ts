export const incident = {
  title: 'Incident',
  none: 'No incident is open.',
  open: (name: string) => `An incident is open: ${name}`,
  nameless: 'without a title',
  about:
    'Conditions of templates may ask for it: what takes two approvals on other days may take one while it is open.',
  declare: 'Open an incident',
  over: 'It is over',
  openTitle: 'Open an incident?',
  openText:
    'Templates whose conditions name incidents work differently at once, for everybody. Everybody who decides is told.',
  name: 'What it is about',
  closeTitle: 'Is the incident over?',
  closeText: 'Templates work as on other days again. What was approved meanwhile stays until it ends.',
  opened: 'The incident is open.',
  closed: 'The incident is over.',
};
