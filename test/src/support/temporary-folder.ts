import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Cleanable {
  after(clean: () => void): void;
}

export function temporaryFolder(t: Cleanable, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `postern-${name}-`));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
