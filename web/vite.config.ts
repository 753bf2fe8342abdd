import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/** SvelteKit's announcer carries a style attribute, which the server's policy forbids; base.css says the same. */
const withoutInlineStyle: Plugin = {
	name: 'without-inline-style',
	enforce: 'pre',
	transform(code, id) {
		if (!id.split('?')[0]?.endsWith('/runtime/components/root.svelte')) return null;
		const bare = code.replace(/\n\s*style="position: absolute;[^"]*"/, '');
		if (bare === code && code.includes('svelte-announcer')) this.error('the announcer has changed: does it still carry a style?');
		return { code: bare, map: null };
	}
};

export default defineConfig({
	plugins: [
		withoutInlineStyle,
		sveltekit({
			adapter: adapter({ pages: 'build/site', fallback: 'index.html' }),
			// A fixed name keeps two builds of one source equal, byte for byte.
			version: { name: 'cordon' }
		})
	],
	resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
	build: { assetsInlineLimit: 0 },
	server: { proxy: { '/api': 'http://localhost:4173' } }
});
