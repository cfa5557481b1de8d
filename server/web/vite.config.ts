import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Everything that is loaded lies below /assets/ under a name with its hash; nothing is inlined, so that the page
// needs no exception from its Content-Security-Policy.
export default defineConfig({
  plugins: [react()],
  build: {
    // The application, and the page around SCORM courses, which is served on their own origins.
    rollupOptions: { input: ['index.html', 'player.html'] },
    assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2021',
  },
})
