// Names that attack whoever shows them: the capture that the starter made, in which every string of one list went through
// every protocol that carries names, and every page that shows names.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { api, done, open, settled, until } from './world.mjs';

const capture = process.env.CORDON_HOSTILE;
if (!capture) throw new Error('CORDON_HOSTILE names a capture full of hostile names');
const list = new URL('../../crates/cordon/tests/hostile/strings.json', import.meta.url);
const PROTOCOLS = ['dhcp', 'snmp', 'dicom', 'http', 'mdns', 'lldp'];
const FILE = '<img src=x onerror=pwned=1>.pcap';
const FILTER = 'address:10.66.0.0/16';
/** What draws nothing, turns the direction or moves a terminal. */
const HIDDEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]|[\u{E0000}-\u{E0FFF}]/u;

function text(entry) {
	if (typeof entry === 'string') return entry;
	return entry.bytes ? Buffer.from(entry.bytes.replaceAll(' ', ''), 'hex').toString('latin1') : entry.repeat.repeat(entry.times);
}

/** Which protocol a device of the capture spoke: each has two networks. */
const protocolOf = (row) => PROTOCOLS[Math.floor(Number(row.address?.split('.')[2]) / 2)];
const every = (items, step, from = 0) => items.filter((_, at) => at % step === from);
const blanks = (text) => text.replace(/\s+/g, ' ').trim();

/** Nothing ran, nothing was built out of a name. */
async function calm(page, where) {
	const harmed = await page.evaluate(() => [
		typeof globalThis.pwned,
		document.querySelectorAll('main img, main iframe, main object, main embed, main script, main base, main meta, main form[action], main style, main link, body > img, dialog img, dialog script').length,
		[...document.querySelectorAll('*')].filter((element) => [...element.attributes].some(({ name }) => name.startsWith('on'))).length +
			[...document.links, ...document.forms].filter((element) => new URL(element.href ?? element.action, location.href).origin !== location.origin).length
	]);
	assert.deepEqual(harmed, ['undefined', 0, 0], where);
}

async function bring(page) {
	await page.getByRole('button', { name: 'Import a capture…' }).click();
	const buffer = await readFile(capture);
	await page.getByLabel('Choose a capture, or drop it here').setInputFiles({ name: FILE, mimeType: 'application/octet-stream', buffer });
	await page.getByRole('button', { name: 'Import', exact: true }).click();
	await page.getByRole('dialog').getByRole('status').getByText('read', { exact: true }).waitFor({ timeout: 60_000 });
	await calm(page, 'import');
	await page.getByRole('button', { name: 'Show devices' }).click();
}

/** The whole list, as it is drawn while it is scrolled. */
async function scrolled(page) {
	await page.goto(new URL(`/devices?q=${encodeURIComponent(FILTER)}&sort=name&cols=name,hostname,kind,vendor,model,place,address`, page.url()).href);
	await settled(page);
	const table = page.locator('table[aria-rowcount]').locator('..');
	const seen = [];
	for (let top = 0; ; top += 1_800) {
		await table.evaluate((element, top) => (element.scrollTop = top), top);
		const arrived = (element) => {
			const rows = [...element.querySelectorAll('tbody tr[aria-rowindex]')];
			const [height, count] = [rows[0].offsetHeight, Number(element.querySelector('table').ariaRowCount)];
			// What was drawn before the scrolling may hold the first row of those that are seen now, and not the last.
			const drawn = new Set(rows.map((row) => Number(row.ariaRowIndex)));
			const [first, last] = [element.scrollTop, element.scrollTop + element.clientHeight - height].map((at) => Math.floor(at / height) + 2);
			return !element.querySelector('tr.wait') && drawn.has(Math.min(first, count)) && drawn.has(Math.min(last, count));
		};
		await until('the rows are there', () => table.evaluate(arrived));
		seen.push(await table.innerText());
		await calm(page, `list at ${top}`);
		if (await table.evaluate((element) => element.scrollTop + element.clientHeight >= element.scrollHeight - 1)) break;
	}
	return seen.join('\n');
}

async function looked(page, paths) {
	for (let path = paths.shift(); path; path = paths.shift()) {
		await page.goto(new URL(path, page.url()).href);
		await settled(page);
		await calm(page, path);
		assert.doesNotMatch(await page.locator('main').innerText(), HIDDEN, path);
		if (path.startsWith('/map')) {
			// What is pointed at says who it is.
			for (let at = 0; at < 40; at += 1) await page.mouse.move(260 + at * 25, 200 + (at % 5) * 120);
			await calm(page, `${path}, pointed at`);
		}
	}
	await done(page);
}

export async function names() {
	const strings = Object.values(JSON.parse(await readFile(list, 'utf8'))).flat().map(text);
	assert.ok(new Set(strings).size >= 200);
	const page = await open('/devices', { height: 2400 });
	await bring(page);
	const rows = [];
	const filter = encodeURIComponent(FILTER);
	await until('they are in the list', async () => (await api(page, `/devices?limit=1&q=${filter}`)).total >= strings.length * PROTOCOLS.length, 60_000);
	await until('nothing is still to come', async () => (await api(page, '/coverage')).behind === 0);
	// What was folded is concluded a little later, and a list that is read in pieces while its order changes shows some twice and others not.
	let before = '';
	await until('the list rests', async () => {
		const now = JSON.stringify((await api(page, `/devices?limit=1000&q=${filter}`)).items.map((row) => [row.id, row.name]));
		const rests = now === before;
		before = now;
		if (!rests) await new Promise((resolve) => setTimeout(resolve, 2_500));
		return rests;
	}, 60_000);
	for (let from = 0; from === rows.length; from += 1000) rows.push(...(await api(page, `/devices?limit=1000&from=${from}&q=${filter}`)).items);

	const shown = blanks(await scrolled(page));
	assert.doesNotMatch(shown, HIDDEN);
	const missing = rows.flatMap((row) => [row.name, row.hostname]).filter((name) => name && !shown.includes(blanks(name)));
	assert.deepEqual(missing, [], 'the list shows every name');
	for (const protocol of PROTOCOLS) {
		const told = new Set(rows.filter((row) => protocolOf(row) === protocol).map((row) => row.name));
		const whole = strings.filter((name) => told.has(name)).length;
		console.log(`${protocol}: ${told.size} names in the list, ${whole} of ${strings.length} hostile strings among them whole`);
		// Two protocols have room for a part of most strings only; servers are not named by what their software is called.
		assert.ok(told.size >= 100, `${protocol}: ${told.size} names`);
	}

	const tabs = ['', '?tab=risk', '?tab=risk&as=table', '?tab=traffic', '?tab=weaknesses', '?tab=timeline', '?why=hostname', '?why=category'];
	const devices = PROTOCOLS.flatMap((protocol, at) => every(rows.filter((row) => protocolOf(row) === protocol), 64, at));
	const paths = [
		...devices.map((row, at) => `/devices/${encodeURIComponent(row.id)}${tabs[at % tabs.length]}`),
		...['', '&as=matrix', '&as=table'].map((as) => `/map?group=place${as}`),
		`/map?focus=unknown&at=${encodeURIComponent(rows[0].id)}`,
		'/questions',
		'/overview',
		'/risk',
		`/risk?by=network&device=${encodeURIComponent(rows[0].id)}`,
		'/plan?days=10000',
		'/advisories?verdict=all',
		'/sensors',
		'/settings/audit',
		...every(strings, 40).map((name) => `/devices?q=${encodeURIComponent(name)}`),
		...every(strings, 96).map((name) => `/devices/${encodeURIComponent(name)}?tab=${encodeURIComponent(name)}&why=${encodeURIComponent(name)}`)
	];
	await Promise.all([looked(await open('/overview'), paths), looked(await open('/overview'), paths), found(page, strings)]);
}

/** Every string is typed where devices are found. */
async function found(page, strings) {
	await page.keyboard.press('Control+k');
	const field = page.getByRole('dialog').getByRole('combobox');
	// Faster than people type: what is asked for meanwhile is no longer wanted.
	await field.evaluate(async (input, strings) => {
		for (const text of strings) {
			input.value = text;
			input.dispatchEvent(new InputEvent('input', { bubbles: true }));
			await new Promise(requestAnimationFrame);
		}
	}, strings);
	await calm(page, 'palette');
	for (const name of every(strings, 8).filter((name) => name.trim())) {
		const answer = page.waitForResponse((response) => response.url().includes('/api/v1/devices?'));
		await field.fill('');
		await field.fill(name.replace(/[\r\n]/g, ' '));
		await answer;
		await page.evaluate(() => new Promise(requestAnimationFrame));
		await calm(page, `palette ${name}`);
	}
	for (const name of ['<img src=x onerror=pwned=1>', 'javascript:pwned=1', '<svg onload=pwned=1>']) {
		await field.fill(name);
		await page.getByRole('dialog').getByText(name).first().waitFor();
		await calm(page, `palette ${name}`);
	}
	await page.keyboard.press('Escape');
	await page.goto(new URL('/sensors', page.url()).href);
	await settled(page);
	assert.ok((await page.locator('main').innerText()).includes(FILE), 'the name of the file is text');
	await done(page);
}
