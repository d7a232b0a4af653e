import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const worthIt = /\.(js|css|html|svg)$/;

/** Compressed once, when it is built: the server sends the bytes as they are. */
function compress(folder: string): Plugin {
  return {
    name: 'postern-compress',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!worthIt.test(name)) continue;
        const file = join(folder, name);
        const bytes = readFileSync(file);
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

const dist = join(import.meta.dirname, 'dist');

export default defineConfig({
  base: '/console/',
  plugins: [react(), compress(dist)],
  // The server puts a nonce of its own into each page (http/console-pages.ts).
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: dist,
    target: 'es2023',
    // light-dark() as it is: rewritten for older ones it would have no colour at all.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A data: address would be refused by the content security policy where it is a script or a style.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
});
