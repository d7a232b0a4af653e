import * as screenNames from './screen-names.ts';

export const notices = {
  title: screenNames.notices,
  lead: 'What you were told, newest first. They are kept for 90 days.',
  list: 'Notices',
  show: 'Which notices',
  all: 'All',
  unread: 'Unread',
  isUnread: 'Unread:',
  look: 'Look at it',
  markRead: 'Mark as read',
  markReadOf: (title: string) => `Mark as read: ${title}`,
  markAll: 'Mark all of these as read',
  marked: 'Marked as read.',
  preferences: 'What you want to hear of',
  none: 'Nothing was told to you yet',
  noneText: 'When a request of yours is decided, or somebody asks you to decide, it is said here.',
  noneUnread: 'You have read everything',
  noneUnreadText: 'What happens next shows here by itself.',
  showAll: 'Show all notices',
  wrote: 'What they wrote',
};
