// SvelteKit writes its start script into index.html. The server's content security policy permits no inline script, so
// this moves it to a file beside the other scripts, named after its content, and refuses to leave any behind.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const page = new URL('../build/site/index.html', import.meta.url);
let html = readFileSync(page, 'utf8');
const inline = /<script>([\s\S]*?)<\/script>/;
const found = inline.exec(html);
if (!found) throw new Error('build/site/index.html holds no start script: has SvelteKit changed its shell?');

const code = found[1].trim() + '\n';
const name = `begin.${createHash('sha256').update(code).digest('hex').slice(0, 10)}.js`;
writeFileSync(new URL(`../build/site/_app/immutable/entry/${name}`, import.meta.url), code);
html = html.replace(inline, `<script src="/_app/immutable/entry/${name}"></script>`);

if (/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/i.test(html)) {
	throw new Error('build/site/index.html still holds an inline script or style');
}
writeFileSync(page, html);
