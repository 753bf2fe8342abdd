// The interface in a real browser, over a real Cordon: as people use it, by role and by key.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { gate } from './gate.mjs';
import { drill } from './drill.mjs';
import { names } from './names.mjs';
import { risk } from './risk.mjs';
import { api, begin, close, done, eitherLook, findings, open, settled, until } from './world.mjs';

after(close);

before(async () => {
	const page = await open('/', { as: '' });
	assert.deepEqual(await eitherLook(page), []);
	await done(page);
	await begin();
});

test('a person finds a device, asks why, corrects it, takes it back and exports', async () => {
	const page = await open('/devices');
	await page.keyboard.press('/');
	await page.keyboard.type('sysmex');
	await page.keyboard.press('Enter');
	await until('the filter shows', async () => (await page.locator('tbody tr[aria-rowindex]').count()) === 1);
	assert.match(page.url(), /q=sysmex/);
	assert.equal(await page.getByRole('listbox').count(), 0, 'what was found is not covered');
	await page.evaluate(() => document.activeElement?.blur());
	await page.keyboard.press('j');
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/devices\/.+/);
	await page.getByRole('heading', { level: 1, name: /Sysmex/ }).waitFor();
	await page.keyboard.press('w');
	await page.getByRole('heading', { name: /^Why “.+”\?$/ }).waitFor();
	await page.getByText('Evidence, strongest first').waitFor();
	await page.getByText(/frame [\d,]+/).first().waitFor();
	await page.keyboard.press('Escape');

	await page.getByRole('button', { name: 'Correct…' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel(/^What it is/).selectOption({ label: 'Blood gas analyser' });
	await dialog.getByLabel(/^Reason/).fill('Read the label on the device');
	assert.deepEqual(await eitherLook(page), []);
	await dialog.getByRole('button', { name: 'Correct', exact: true }).click();
	await dialog.waitFor({ state: 'detached' });
	await page.getByRole('region', { name: 'Summary' }).getByText('confirmed').first().waitFor();
	await page.getByRole('region', { name: 'Summary' }).getByText('said by ada').waitFor();
	await page.getByText('“Read the label on the device”').first().waitFor();
	await page.getByRole('button', { name: 'Take back' }).click();
	await page.getByRole('region', { name: 'Summary' }).getByText(/^probable/).first().waitFor();

	await page.goto(new URL('/devices', page.url()).href);
	await settled(page);
	await page.getByRole('button', { name: 'Export' }).click();
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'As CSV, for a spreadsheet' }).click()]);
	const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
	assert.ok(lines.length > 44, `${lines.length} lines`);
	assert.ok(lines.some((line) => line.includes('Sysmex')));
	await done(page);
});

test('a person sees why a score is what it is, what moves it, and what to do first', risk);

test('every page is sound in light and dark', async () => {
	const page = await open('/overview');
	const [device] = (await api(page, '/devices?limit=1&q=medical:yes%20weak:%3E0')).items;
	const id = encodeURIComponent(device.id);
	const pages = [
		'/overview',
		...['network', 'ward'].map((view) => `/overview?view=${view}`),
		'/questions',
		'/devices',
		'/devices?q=nothing-fits-this',
		...['', '?tab=risk', '?tab=risk&as=table', '?tab=traffic', '?tab=weaknesses', '?tab=timeline', '?why=category'].map((query) => `/devices/${id}${query}`),
		'/devices/no-such-device',
		'/risk',
		`/risk?device=${id}&by=model`,
		'/risk?device=no-such-device',
		'/plan',
		'/plan?days=0&downtime=0',
		'/advisories',
		'/advisories?verdict=all&q=nothing-fits-this',
		'/advisories/no-such-advisory',
		'/map',
		'/map?group=kind&as=matrix',
		'/map?as=table',
		'/sensors',
		'/settings',
		'/settings/people',
		'/settings/feeds',
		'/settings/audit',
		'/nowhere'
	];
	const next = pages[Symbol.iterator]();
	const walk = async (page) => {
		for (const path of next) await sound(page, path);
		await done(page);
	};
	await Promise.all([walk(page), walk(await open('/overview'))]);
});

async function sound(page, path) {
	await page.goto(new URL(path, page.url()).href);
	await settled(page);
	assert.equal(await page.locator('h1').count(), 1, `${path}: one heading`);
	assert.match(await page.title(), / · Cordon$/, path);
	assert.deepEqual(await eitherLook(page), [], path);
}

test('every page is reached by keyboard alone', async () => {
	const page = await open('/overview');
	const heading = () => page.locator('h1').first().innerText();
	for (const [keys, name] of [['gq', 'Questions'], ['gd', 'Devices'], ['gm', 'Map'], ['gr', 'Risk'], ['gp', 'Plan'], ['ga', 'Advisories'], ['gs', 'Sensors'], ['go', 'Overview']]) {
		for (const key of keys) await page.keyboard.press(key);
		await until(`${keys} leads to ${name}`, async () => (await heading()) === name);
	}
	for (const [typed, name] of [['settings', 'Settings'], ['people', 'People'], ['outside', 'Outside knowledge'], ['audit', 'Audit']]) {
		await page.keyboard.press('Control+k');
		await page.getByRole('dialog').waitFor();
		await page.keyboard.type(typed);
		await page.getByRole('dialog').getByRole('option', { name }).first().waitFor();
		await page.keyboard.press('Enter');
		await until(`${typed} is found`, async () => (await heading()) === name);
	}
	await page.goto(new URL('/overview', page.url()).href);
	await settled(page);
	await page.keyboard.press('Tab');
	assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to content');
	const walked = [];
	for (let step = 0; step < 17; step += 1) {
		await page.keyboard.press('Tab');
		walked.push(await page.evaluate(() => document.activeElement?.textContent?.trim().replace(/\d+$/, '') ?? ''));
	}
	for (const name of ['Overview', 'Questions', 'Devices', 'Map', 'Risk', 'Plan', 'Advisories', 'Sensors', 'Settings']) assert.ok(walked.some((text) => text.startsWith(name)), `${name} in ${walked}`);
	await page.keyboard.press('?');
	await page.getByRole('dialog', { name: 'Keys' }).waitFor();
	await page.keyboard.press('Escape');
	await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
	await done(page);
});

test('whoever may not do something sees why, and chooses a password first', async () => {
	const admin = await open('/settings/people');
	await admin.getByRole('button', { name: 'Add a person…' }).click();
	await admin.getByLabel('User name').fill('kim');
	await admin.getByRole('dialog').getByLabel('Role').selectOption({ label: 'Clinician' });
	await admin.getByRole('button', { name: 'Add person' }).click();
	const given = await admin.getByRole('dialog', { name: 'One-time secret of kim' }).locator('code').innerText();
	await done(admin);

	const page = await open('/devices', { as: '' });
	await page.waitForURL('**/signin*');
	await settled(page);
	assert.deepEqual(await eitherLook(page), []);
	await page.getByLabel('User name').fill('kim');
	await page.getByLabel('Password').fill('not this');
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.getByText('You are not signed in').waitFor();
	await page.getByLabel('Password').fill(given);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.waitForURL('**/password*');
	await page.getByLabel('Your password, 12 characters or more').fill('a bicycle for two');
	await page.getByLabel('The password once more').fill('a bicycle for two');
	assert.deepEqual(await eitherLook(page), []);
	await page.getByRole('button', { name: 'Keep password and go on' }).click();
	await page.waitForURL('**/devices');
	await settled(page);
	for (const name of ['Import a capture…', 'Export']) {
		const button = page.getByRole('button', { name });
		assert.equal(await button.getAttribute('aria-disabled'), 'true', name);
		assert.match((await button.getAttribute('title')) ?? '', /^Who may: .*Clinical engineering/, name);
	}
	await page.goto(new URL('/settings/people', page.url()).href);
	await page.getByText(/^Who may: /).first().waitFor();
	// A clinician begins with the ward.
	await page.goto(new URL('/', page.url()).href);
	await settled(page);
	assert.match(await page.locator('main').innerText(), /My ward/);
	await page.getByRole('button', { name: /Clinician/ }).click();
	await page.getByRole('button', { name: 'Sign out' }).click();
	await page.waitForURL('**/signin');
	await page.goto(new URL('/devices', page.url()).href);
	await page.waitForURL('**/signin*');
	await done(page);
});

test('a server that is gone leaves the page, and says how old it is', async () => {
	const way = await gate();
	const page = await open('/devices', { at: way.address });
	way.shut();
	await page.getByText(/^Live updates stopped \d+ s ago/).first().waitFor({ timeout: 15_000 });
	assert.ok((await page.locator('tbody tr[aria-rowindex]').count()) > 5, 'what was seen stays');
	assert.deepEqual(await eitherLook(page), []);
	way.reopen();
	await page.getByText(/^Live updates stopped \d+ s ago/).first().waitFor({ state: 'detached', timeout: 15_000 });
	page.odd.splice(0, page.odd.length, ...page.odd.filter((line) => !/ERR_(CONNECTION|EMPTY|INCOMPLETE|SOCKET|NETWORK)/.test(line)));
	await done(page);
	way.close();
});

test('a telephone shows the essentials without scrolling sideways', async () => {
	const page = await open('/overview', { width: 390, height: 844 });
	const [device] = (await api(page, '/devices?limit=1')).items;
	for (const path of ['/overview', '/devices', `/devices/${encodeURIComponent(device.id)}`, '/questions', '/risk', '/plan', '/advisories', '/sensors', '/settings']) {
		await page.goto(new URL(path, page.url()).href);
		await settled(page);
		const sideways = await page.evaluate(() => {
			const of = [document.documentElement, document.querySelector('main')];
			return of.map((element) => element.scrollWidth - element.clientWidth);
		});
		assert.deepEqual(sideways, [0, 0], path);
		// Colours are the same here: what may differ are names, sizes and what scrolls.
		assert.deepEqual(await findings(page, 'target-size', 'scrollable-region-focusable', 'button-name', 'link-name', 'label'), [], path);
	}
	await done(page);
});

test('a synthetic hospital says so everywhere, and an attack in it is seen', drill);

test('names from the network are shown and never obeyed', names);
