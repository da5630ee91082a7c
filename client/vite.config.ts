import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The wall, which loads no kit of forms, and the consoles. */
const pages = readdirSync(here('.')).filter((name) => name.endsWith('.html'));

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [vue()],
  define: {
    // Messages become trees, not code: the pages run under a policy without `unsafe-eval`.
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __INTLIFY_DROP_MESSAGE_COMPILER__: false,
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  },
  build: {
    /** The oldest browser a wall's player may have. */
    target: ['chrome108', 'safari16', 'firefox115'],
    outDir: here('../dist/client'),
    emptyOutDir: true,
    // Nothing as a data: address: fonts and pictures come from the hub alone, and the policy can say so.
    assetsInlineLimit: 0,
    // Doors that give out one page alone read in it what that page is made of.
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_500,
    rollupOptions: { input: Object.fromEntries(pages.map((name) => [name.slice(0, -'.html'.length), here(name)])) },
  },
});
