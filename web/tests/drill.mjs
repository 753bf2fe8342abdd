// A synthetic hospital: every page says what it is, and an attack is started by keyboard, goes on, and shows who takes part.
import assert from 'node:assert/strict';
import { done, eitherLook, open, settled, until } from './world.mjs';

const at = process.env.CORDON_DRILL_ADDRESS;
const PASSWORD = 'four horses eat oats';
const SAYS = 'Nothing on this page is real';

export async function drill(t) {
	if (!at) return t.skip('CORDON_DRILL_ADDRESS names no Cordon with a synthetic hospital');
	const page = await open('', { as: '', at });
	await page.goto(`${at}/first`);
	await page.getByLabel('One-time secret').fill(process.env.CORDON_DRILL_SECRET ?? '');
	await page.getByLabel('Your user name').fill('ada');
	await page.getByLabel('A password, 12 characters or more').fill(PASSWORD);
	await page.getByLabel('The password once more').fill(PASSWORD);
	await page.getByRole('button', { name: 'Make administrator and sign in' }).click();
	await page.waitForURL('**/overview');
	const ask = async (path) => (await page.request.get(`${at}/api/v1${path}`)).json();
	await until('the first hours are played', async () => (await ask('/drills')).hospital?.filling === false && (await ask('/devices?limit=1')).total > 40, 60_000);

	const [device] = (await ask('/devices?limit=1')).items;
	for (const path of ['/overview', '/questions', '/devices', `/devices/${encodeURIComponent(device.id)}`, '/map', '/settings', '/settings/people', '/settings/audit', '/sensors']) {
		await page.goto(at + path);
		await page.getByRole('complementary', { name: 'Synthetic hospital' }).getByText(SAYS).waitFor({ timeout: 60_000 });
	}

	const panel = page.getByRole('region', { name: 'Drill' });
	await panel.getByText('Cordon does not detect attacks yet').waitFor();
	await panel.getByText('No attack was started yet.').waitFor();
	assert.deepEqual(await eitherLook(page), []);
	await panel.getByRole('combobox').selectOption({ label: 'Unknown device at the bedside' });
	await panel.getByRole('button', { name: 'Start…' }).focus();
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Start “Unknown device at the bedside”?' });
	await dialog.waitFor();
	assert.deepEqual(await eitherLook(page), []);
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'detached' });
	assert.equal((await ask('/drills')).runs.length, 0, 'whoever closes the question starts nothing');
	await page.keyboard.press('Enter');
	await dialog.getByRole('button', { name: 'Start the attack' }).focus();
	await page.keyboard.press('Enter');
	await dialog.waitFor({ state: 'detached' });
	await panel.getByText('going on').waitFor();
	await panel.getByRole('progressbar', { name: /Unknown device/ }).waitFor();
	assert.deepEqual(await eitherLook(page), []);

	const link = panel.getByRole('link', { name: /^raspberrypi, / });
	await until('the intruder is in the inventory', async () => {
		const address = (await link.innerText()).split(', ')[1];
		return (await ask(`/devices?q=address:${address}`)).total === 1;
	});
	await link.click();
	await page.waitForURL('**/devices?q=address**');
	await settled(page);
	await until('its row is shown', async () => (await page.locator('tbody tr[aria-rowindex]').count()) === 1);
	await done(page);
}
