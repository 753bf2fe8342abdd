// Takes the pictures of docs/screens: every page in light, three in dark, of the demonstration ward. Builds and starts
// Cordon for it (`npm run screens`), or uses one that runs, if CORDON_ADDRESS and CORDON_SECRET say where.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = fileURLToPath(new URL('../../docs/screens/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cordon-screens-'));
let platform = null;

function run(program, ...args) {
	const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
	if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed`);
}
async function start() {
	run('cargo', 'build', '-q', '-p', 'cordon', '-p', 'xtask');
	const built = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug');
	run(join(built, 'xtask'), 'demo', join(folder, 'made-up-ward.pcapng'));
	platform = spawn(join(built, 'cordon'), ['serve', '--listen', '127.0.0.1:0', '--capture', join(folder, 'made-up-ward.pcapng'), '--data', join(folder, 'data')]);
	let said = '';
	for await (const part of platform.stdout) {
		said += part;
		const found = /(https:\/\/\S+?)\/?\s[\s\S]*secret:\s+(\S+)\s/.exec(said);
		if (found) [, process.env.CORDON_ADDRESS, process.env.CORDON_SECRET] = found;
		if (found) break;
	}
}

const LIGHT = {
	overview: '/overview?view=manager',
	'overview-ward': '/overview?view=ward',
	questions: '/questions',
	devices: '/devices',
	device: '/devices/ID',
	why: '/devices/ID?why=category',
	traffic: '/devices/ID?tab=traffic',
	weaknesses: '/devices/ID?tab=weaknesses',
	timeline: '/devices/ID?tab=timeline',
	risk: '/risk',
	'device-risk': '/devices/ID?tab=risk',
	plan: '/plan',
	advisories: '/advisories',
	map: '/map',
	'map-group': '/map?focus=imaging_modality',
	matrix: '/map?as=matrix',
	sensors: '/sensors',
	settings: '/settings',
	feeds: '/settings/feeds',
	people: '/settings/people',
	audit: '/settings/audit'
};
const DARK = ['overview', 'why', 'risk', 'map'];

async function shoot(page, name) {
	const session = await page.context().newCDPSession(page);
	for (const quality of [92, 84, 70, 55, 40]) {
		const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality, clip: { x: 0, y: 0, width: 1440, height: 900, scale: 2 / 3 } });
		const bytes = Buffer.from(data, 'base64');
		if (bytes.length > 120_000 && quality > 40) continue;
		writeFileSync(join(target, `${name}.webp`), bytes);
		console.log(`${name}.webp ${Math.round(bytes.length / 1000)} kB`);
		return;
	}
}

try {
	if (!process.env.CORDON_ADDRESS) await start();
	const { api, begin, close, open, settled, until } = await import('../tests/world.mjs');
	rmSync(target, { recursive: true, force: true });
	mkdirSync(target, { recursive: true });
	const door = await open('/', { as: '' });
	await door.getByLabel('One-time secret').waitFor();
	await shoot(door, 'first');
	await door.context().close();
	await begin();
	const door2 = await open('/signin', { as: '' });
	await shoot(door2, 'signin');
	await door2.context().close();
	for (const theme of ['light', 'dark']) {
		const page = await open('/overview', { theme });
		await page.request.put(`${process.env.CORDON_ADDRESS}/api/v1/settings`, { data: { site: 'St. Elsewhere, main campus', silent_after_hours: 24 }, headers: { origin: process.env.CORDON_ADDRESS } });
		await until('risk is ranked', async () => (await api(page, '/risk')).first, 60_000);
		const [device] = (await api(page, '/devices?limit=1&q=kind:ct_scanner')).items;
		for (const [name, path] of Object.entries(LIGHT)) {
			if (theme === 'dark' && !DARK.includes(name)) continue;
			await page.goto(process.env.CORDON_ADDRESS + path.replace('ID', encodeURIComponent(device.id)));
			await settled(page);
			await page.waitForTimeout(300);
			await shoot(page, theme === 'dark' ? `${name}-dark` : name);
		}
		await page.context().close();
	}
	await close();
} finally {
	platform?.kill();
	rmSync(folder, { recursive: true, force: true });
}
