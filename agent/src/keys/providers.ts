import { fileKeyProvider } from './file.ts';
import type { KeyProvider } from './provider.ts';

/** Every key provider there is, best first. */
export function keyProvidersIn(dataFolder: string): readonly KeyProvider[] {
  return [fileKeyProvider(dataFolder)];
}
