import { createHash, hash, timingSafeEqual } from 'node:crypto';

/** SHA-256 of UTF-8 text, base64url without padding (43 characters). */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}

/**
 * Compares two secrets without telling by timing where they differ. Both are hashed first, so that
 * neither their lengths nor their contents show.
 */
export function sameSecret(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(left), digest(right));
}
