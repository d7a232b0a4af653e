// Text from elsewhere (a backend, a policy, a file name) never moves the cursor, turns a line around or hides in it.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\s]+/gu;

/** One line of what somebody else wrote, fit for a terminal. */
export function plain(text: string): string {
  return text.replace(unseen, ' ').trim();
}
