import * as terms from './terms.ts';

export const savedViews = {
  button: 'Views',
  current: (name: string) => `View: ${name}`,
  none: 'No view is saved for this list yet.',
  noneYet: 'Filter the list, then save what you see under a name.',
  everything: 'Everything, unfiltered',
  save: 'Save these filters …',
  title: 'Save this view',
  text: 'It keeps the filters, not the list: it shows what matches whenever you open it. Only you see it.',
  name: terms.name,
  nameHint: 'such as “Blocked laptops of Sales”',
  keep: 'Save',
  saved: (name: string) => `Saved as “${name}”.`,
  remove: (name: string) => `Delete the view “${name}”`,
  removed: (name: string) => `The view “${name}” is deleted.`,
};
