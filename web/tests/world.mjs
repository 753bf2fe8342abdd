// One browser, one Cordon, and what must hold on every page: an empty console, no answer that failed, nothing from
// elsewhere. The address and the first secret come from the environment.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

export const address = process.env.CORDON_ADDRESS;
const secret = process.env.CORDON_SECRET;
const PASSWORD = 'four horses eat oats';
if (!address || !secret) throw new Error('CORDON_ADDRESS and CORDON_SECRET say where Cordon is and how to begin');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function program() {
	const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
	const folders = (process.env.PATH ?? '').split(delimiter);
	const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
	if (!found) throw new Error('there is no Chromium on this machine');
	return found;
}
// Chromium refuses its own sandbox to root; what it opens here is only Cordon, whose certificate it made itself.
const args = ['--ignore-certificate-errors', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
const browser = await chromium.launch({ executablePath: program(), args });
export const close = () => browser.close();

/** Cookies of whoever has signed in, by name. */
const kept = new Map();
const keep = async (name, page) => kept.set(name, await page.context().storageState());

/** A page of a new window; `as` is somebody who has signed in before. */
export async function open(path, { as = 'ada', width = 1440, height = 900, theme = 'light', at = address } = {}) {
	const context = await browser.newContext({
		ignoreHTTPSErrors: true,
		storageState: kept.get(as),
		viewport: { width, height },
		colorScheme: theme,
		reducedMotion: 'reduce'
	});
	context.setDefaultTimeout(12_000);
	const page = await context.newPage();
	const odd = [];
	page.on('console', (message) => {
		// A browser says by itself that an address refused: whether it should is for the test that asked.
		const refused = /the server responded with a status of 4\d\d/.test(message.text());
		if (['error', 'warning'].includes(message.type()) && !refused) odd.push(message.text());
	});
	page.on('pageerror', (error) => odd.push(`uncaught: ${error.message}`));
	page.on('dialog', (dialog) => {
		odd.push(`dialog: ${dialog.message()}`);
		void dialog.dismiss();
	});
	page.on('response', (response) => {
		if (response.status() >= 500) odd.push(`${response.status()} from ${response.url()}`);
	});
	page.on('request', (request) => {
		const url = request.url();
		if (!url.startsWith(at) && !url.startsWith('data:') && !url.startsWith('blob:')) odd.push(`asked elsewhere: ${url}`);
	});
	page.odd = odd;
	if (path) {
		await page.goto(at + path);
		await settled(page);
	}
	return page;
}

/** Ends a window and says whether anything odd was heard in it. */
export async function done(page) {
	const { odd } = page;
	await page.context().close();
	assert.deepEqual(odd, [], 'the console stays empty, nothing fails, nobody else is asked');
}

/** Waits until the page has a heading and has stopped changing. */
export async function settled(page) {
	await page.locator('h1').first().waitFor({ state: 'attached' });
	let before = '';
	for (let turn = 0; turn < 60; turn += 1) {
		await page.waitForTimeout(60);
		const now = await page.evaluate(() => `${location.href}\n${document.querySelector('[data-waiting]') ? Math.random() : ''}${document.querySelector('main')?.innerText.replace(/\d+ s\b/g, '')}`);
		if (now === before && now.length > 120) return;
		before = now;
	}
}

/** What axe finds that is serious or critical. */
export async function findings(page, ...only) {
	if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
	return page.evaluate(async (rules) => {
		const runOnly = rules.length ? { type: 'rule', values: rules } : undefined;
		const run = await globalThis.axe.run(document, { resultTypes: ['violations'], runOnly });
		return run.violations
			.filter((found) => ['serious', 'critical'].includes(found.impact))
			.map((found) => `${found.id}: ${found.nodes.map((node) => node.html.slice(0, 120)).slice(0, 3).join(' | ')}`);
	}, only);
}

/** The same in light and in dark, of everything that axe knows. */
export async function eitherLook(page) {
	const chosen = await page.evaluate(() => document.documentElement.dataset.theme);
	const found = [];
	for (const look of ['light', 'dark']) {
		await page.evaluate((look) => (document.documentElement.dataset.theme = look), look);
		found.push(...(await findings(page)).map((finding) => `${look}: ${finding}`));
	}
	await page.evaluate((look) => (look ? (document.documentElement.dataset.theme = look) : delete document.documentElement.dataset.theme), chosen);
	return found;
}

/** What the API answers to whoever the page belongs to. */
export async function api(page, path) {
	const answer = await page.request.get(`${address}/api/v1${path}`);
	assert.equal(answer.status(), 200, path);
	return answer.json();
}

export async function until(what, test, patience = 20_000) {
	const end = Date.now() + patience;
	while (Date.now() < end) {
		const value = await test();
		if (value) return value;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	throw new Error(`waited in vain: ${what}`);
}

/** The first sign-in, as Ada; then waits until the ward is read. */
export async function begin() {
	const page = await open('/', { as: '' });
	// Nobody has signed in yet: every address leads to the first start.
	await page.waitForURL('**/first');
	await page.getByLabel('One-time secret').fill(secret);
	await page.getByLabel('Your user name').fill('ada');
	await page.getByLabel('A password, 12 characters or more').fill(PASSWORD);
	await page.getByLabel('The password once more').fill(PASSWORD);
	await page.getByRole('button', { name: 'Make administrator and sign in' }).click();
	await page.waitForURL('**/overview');
	await until(
		'the ward is read',
		async () => (await api(page, '/imports')).items.every((item) => item.state === 'done') && (await api(page, '/devices?limit=1')).total >= 44,
		60_000
	);
	await keep('ada', page);
	await done(page);
}
