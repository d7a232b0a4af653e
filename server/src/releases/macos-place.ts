/** Where an update stands among the updates of its release: compared number by number. */
export type Place = readonly number[];

const version = /^(\d{1,3})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?$/;
const build = /^\d{2}[A-Z](\d{1,9})([a-z])?$/;

/**
 * Of a version of macOS. The letter at the end of a build tells a security response (`22F770820b`) from what it responds to
 * (`22F82`). The rest of the build does not count: one version has other builds for other hardware. A beta, whose number
 * begins with 5 and has four digits (`25G5043d`), comes before the version that it is of.
 *
 * @returns undefined for what is no version of macOS
 */
export function macosPlace(versionText: string, buildText: string | undefined): Place | undefined {
  const numbers = version.exec(versionText);
  if (numbers === null) return undefined;
  const [, major, minor = 0, patch = 0] = numbers;
  return [Number(major), Number(minor), Number(patch), responseOf(buildText)];
}

function responseOf(text: string | undefined): number {
  const [, digits = '', letter] = (text === undefined ? null : build.exec(text)) ?? [];
  if (letter === undefined) return 0;
  return /^5\d{3}$/.test(digits) ? -1 : letter.charCodeAt(0);
}
