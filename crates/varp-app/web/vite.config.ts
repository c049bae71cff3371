import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Writes a Brotli copy beside each text file, so that the server never compresses them again. */
function brotli(): Plugin {
  return {
    name: 'brotli',
    apply: 'build',
    writeBundle(options, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!/\.(js|mjs|css|json)$/.test(name) || name.startsWith('.vite')) continue;
        const file = join(options.dir ?? '', name);
        writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      }
    },
  };
}

export default defineConfig({
  plugins: [brotli()],
  build: {
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: { page: 'src/page.ts', map: 'src/map/main.ts', ranking: 'src/ranking/main.ts' },
    },
  },
  worker: { format: 'es' },
  test: { include: ['src/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0]);
