/** A mount point may hold any character; a reading may not. */
export function shown(path: string): string {
  return (
    path
      .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
      .slice(0, 256)
      .trim() || '?'
  );
}
