// Risk as people use it: why a score, what moves it, a decision with an end, the plan under a budget.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { api, done, eitherLook, open, settled, until } from './world.mjs';

const score = (number) => number.toFixed(1);

export async function risk() {
	const page = await open('/overview');
	const overview = await until('risk is reckoned and ranked', async () => {
		const told = await api(page, '/risk');
		return told.state === 'ready' && told.first && told.most.length ? told : null;
	}, 60_000);
	await moves(page, overview);
	await decides(page, overview);
	await plans(page);
	await lists(page, overview);
	await brings(page);
	await done(page);
}

/** What an advisory says is shown as it is written, and never obeyed. */
const HOSTILE = '<img src=x onerror=pwned=1>';

/** A made-up advisory on a product (CSAF 2.0). */
function advisory(vendor, product) {
	const time = '2026-01-02T15:00:00.000Z';
	const id = 'P1';
	return JSON.stringify({
		document: {
			category: 'csaf_security_advisory',
			csaf_version: '2.0',
			title: `${HOSTILE}\u202E advisory`,
			publisher: { category: 'coordinator', name: 'Example CERT', namespace: 'https://cert.example' },
			notes: [{ category: 'summary', text: 'Made up for a test.' }],
			references: [{ category: 'self', summary: 'self', url: 'https://cert.example/2026-1' }],
			tracking: { id: 'EXAMPLE-2026-1', status: 'final', version: '1', initial_release_date: time, current_release_date: time, revision_history: [{ date: time, number: '1', summary: 'first' }] }
		},
		product_tree: { branches: [{ category: 'vendor', name: vendor, branches: [{ category: 'product_name', name: product, branches: [{ category: 'product_version_range', name: 'vers:all/*', product: { product_id: id, name: `${vendor} ${product}: all versions` } }] }] }] },
		vulnerabilities: [{
			cve: 'CVE-2026-0001',
			notes: [{ category: 'summary', text: HOSTILE }],
			product_status: { known_affected: [id] },
			scores: [{ products: [id], cvss_v3: { version: '3.1', vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', baseScore: 9.8, baseSeverity: 'CRITICAL' } }],
			remediations: [{ category: 'vendor_fix', details: `${HOSTILE} Install release N.`, product_ids: [id] }]
		}]
	});
}

/** With none chosen the riskiest device is shown; what is ticked changes its score, the hospital's and the address. */
async function moves(page, overview) {
	await page.keyboard.press('g');
	await page.keyboard.press('r');
	await page.waitForURL('**/risk');
	await settled(page);
	const [first] = overview.most;
	const top = page.getByRole('region', { name: 'Risk to patients' });
	await top.getByText(score(overview.hospital.score), { exact: true }).waitFor();
	const device = await api(page, `/devices/${encodeURIComponent(first.device)}/risk`);
	const panel = page.getByRole('region', { name: first.name, exact: true });
	await panel.getByText(score(device.spread.score)).first().waitFor();
	for (const cause of device.causes.filter((cause) => cause.part === 'impact')) await panel.getByText(cause.label).first().waitFor();

	const ask = page.getByRole('region', { name: 'What if' });
	const best = device.options.reduce((a, b) => (b.delta < a.delta ? b : a));
	assert.ok(best.delta < 0, 'something lowers the score');
	await ask.getByLabel(best.label).focus();
	await page.keyboard.press('Space');
	const then = await api(page, `/devices/${encodeURIComponent(first.device)}/risk/what-if?do=${encodeURIComponent(best.id)}`);
	await ask.getByRole('status').getByText(score(then.spread.score)).waitFor();
	await ask.getByRole('status').getByText(`hospital ${score(then.hospital_before)} → ${score(then.hospital_after)}`).waitFor();
	await panel.getByText('then', { exact: true }).waitFor();
	assert.equal(new URL(page.url()).searchParams.get('do'), best.id);
	assert.deepEqual(await eitherLook(page), []);
	await page.reload();
	await settled(page);
	assert.ok(await ask.getByLabel(best.label).isChecked(), 'the address keeps what is ticked');
	await ask.getByRole('button', { name: 'Untick all' }).click();
	await ask.getByRole('status').getByText(score(device.spread.score)).waitFor();
	assert.equal(new URL(page.url()).searchParams.get('do'), null);

	const [, second] = overview.most;
	await page.getByRole('region', { name: 'Most at risk' }).getByRole('link', { name: second.name, exact: true }).first().click();
	await page.getByRole('region', { name: second.name, exact: true }).waitFor();
	await page.getByRole('button', { name: 'Network', exact: true }).click();
	await page.getByRole('columnheader', { name: 'Network' }).waitFor();
	await page.getByRole('button', { name: 'How the score works…' }).click();
	await page.getByRole('dialog', { name: 'How the score works' }).waitFor();
	assert.deepEqual(await eitherLook(page), []);
	await page.keyboard.press('Escape');
}

/** A decision names an owner and an end, stands on the page of the device, and is taken back. */
async function decides(page, overview) {
	const [{ device }] = overview.most;
	await page.goto(new URL(`/devices/${encodeURIComponent(device)}?tab=risk`, page.url()).href);
	await settled(page);
	await page.getByRole('button', { name: 'Accept the risk…' }).first().click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel(/^Reason/).fill('Replaced in March');
	await dialog.getByLabel(/^Owner/).fill('Radiology');
	assert.deepEqual(await eitherLook(page), []);
	await dialog.getByRole('button', { name: 'Keep decision' }).click();
	await dialog.waitFor({ state: 'detached' });
	const decisions = page.getByRole('region', { name: 'Decisions' });
	await decisions.getByText(/^Accepted until \d+ \w+ \d{4}$/).waitFor();
	await decisions.getByText('“Replaced in March”').waitFor();
	assert.deepEqual(await eitherLook(page), []);
	await decisions.getByRole('button', { name: 'Take back' }).click();
	await decisions.waitFor({ state: 'detached' });
	// The picture of the ways has a table.
	if (await page.getByRole('button', { name: 'Table', exact: true }).count()) {
		await page.evaluate(() => document.activeElement?.blur());
		await page.keyboard.press('t');
		await page.getByRole('columnheader', { name: 'Reached how' }).waitFor();
		assert.deepEqual(await eitherLook(page), []);
	}
}

/** Another budget is another list, with a line where it ends; keys open a step; the work orders are a file. */
async function plans(page) {
	await page.keyboard.press('g');
	await page.keyboard.press('p');
	await page.waitForURL('**/plan');
	await settled(page);
	const rows = page.locator('tbody tr[id^="step-"]');
	const within = () => page.locator('tbody tr[id^="step-"]:not(.late)').count();
	assert.ok((await rows.count()) > 0, 'there is something to do');
	const before = await within();
	await page.getByLabel('Budget', { exact: true }).fill('0');
	await page.keyboard.press('Tab');
	await page.waitForURL('**/plan?days=0');
	await until('nothing fits into no days', async () => before > 0 && (await within()) === 0);
	await page.getByText('Budget 0 person-days ends here.').waitFor();
	await page.getByRole('slider', { name: 'Budget in person-days' }).fill('10');
	await page.waitForURL('**/plan?days=10');
	await until('something does into ten', async () => (await within()) > 0);
	await page.evaluate(() => document.activeElement?.blur());
	await page.keyboard.press('j');
	await page.keyboard.press('Enter');
	const [step] = (await api(page, '/plan?days=10')).steps;
	await page.getByText(step.why.split('\n')[0]).first().waitFor();
	assert.equal(new URL(page.url()).searchParams.get('open'), step.id);
	assert.deepEqual(await eitherLook(page), []);
	const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export work orders' }).click()]);
	assert.ok((await readFile(await download.path(), 'utf8')).includes(step.action.replaceAll('"', '""')));
}

/** Files are brought in the browser; what is broken is refused with a reason, and what is taken shows on every page. */
async function brings(page) {
	await page.keyboard.press('g');
	await page.keyboard.press('a');
	await page.waitForURL('**/advisories');
	await page.getByText('No advisory is known here yet').waitFor();
	await page.getByRole('button', { name: 'Bring files…' }).first().click();
	const dialog = page.getByRole('dialog', { name: 'Bring outside knowledge' });
	const [device] = (await api(page, '/devices?limit=50&q=medical:yes%20maker:philips')).items.filter((row) => row.model.value);
	const file = (name, text) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
	await dialog.locator('input[type=file]').setInputFiles([file(`${HOSTILE}.json`, '{"document": 1}'), file('advisory.json', advisory(device.vendor.value, device.model.value))]);
	await dialog.getByRole('button', { name: 'Bring', exact: true }).click();
	await dialog.getByText('not taken').waitFor();
	await dialog.getByText('taken', { exact: true }).waitFor();
	await dialog.getByText(`${HOSTILE}.json`, { exact: true }).waitFor();
	assert.deepEqual(await eitherLook(page), []);
	await dialog.getByRole('button', { name: 'Done' }).click();
	const shown = `${HOSTILE}[U+202E] advisory`;
	await page.getByRole('link', { name: shown }).waitFor({ timeout: 30_000 });
	assert.deepEqual(await eitherLook(page), []);
	await page.getByRole('link', { name: shown }).click();
	await page.getByRole('heading', { level: 1, name: shown }).waitFor();
	await page.getByText(`“${HOSTILE} Install release N.”`).first().waitFor();
	assert.deepEqual(await eitherLook(page), []);
	await page.getByRole('region', { name: 'Devices here' }).getByRole('link', { name: device.name }).first().click();
	await page.waitForURL('**/devices/*?tab=risk');
	await page.getByRole('button', { name: /^CVE-2026-0001/ }).click();
	await page.getByText('CVSS 3.1: 9.8').waitFor();
	await page.getByText('Maker’s update').first().waitFor();
	assert.match(page.url(), /finding=EXAMPLE-2026-1\+CVE-2026-0001/);
	assert.deepEqual(await eitherLook(page), []);
	for (const path of ['/risk', '/plan?days=1000', '/settings/feeds']) {
		await page.goto(new URL(path, page.url()).href);
		await settled(page);
		assert.deepEqual(await eitherLook(page), [], path);
	}
	await page.getByRole('cell', { name: /CSAF|[Aa]dvisories/ }).first().waitFor();
	assert.deepEqual(await page.evaluate(() => [typeof globalThis.pwned, document.querySelectorAll('main img').length]), ['undefined', 0]);
}

/** The list sorts and filters by risk. */
async function lists(page, overview) {
	await page.goto(new URL('/devices', page.url()).href);
	await settled(page);
	const first = page.locator('tbody tr[aria-rowindex="2"]');
	assert.match(await first.innerText(), new RegExp(`${score(overview.most[0].spread.score)}\\s+(critical|high|medium|low)`));
	const band = overview.most[0].spread.band;
	await page.getByRole('complementary', { name: 'Facets' }).getByLabel(new RegExp(`^\\s*${band}`)).click();
	await page.waitForURL(`**/devices?q=risk%3A${band}*`);
	await until('only these are listed', async () => Number(await page.locator('table[aria-rowcount]').getAttribute('aria-rowcount')) === overview.bands[band] + 1);
}
