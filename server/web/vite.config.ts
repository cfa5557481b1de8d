import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Everything that is loaded lies below /assets/ under a name with its hash; nothing is inlined, so that the page
// needs no exception from its Content-Security-Policy.
export default defineConfig({
  plugins: [react()],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2020' },
})
