// two.mjs: two people at the same thing: nothing is lost, and each is told.
import { Person, chapter, check, flashed, open_row, row, shown, stamp, until, visitor } from './kit.mjs';

const both = () => Promise.all(['rosana', 'davi'].map(async name => (await Person.come(name)).sign_in(name, null)));

// What the API says, asked with the session of the page.
const api = (who, url) => who.page.evaluate(async at => (await fetch(at)).json(), url);

async function same_card() {
	const title = `Disputa ${stamp()}`, [one, other] = await both(), card = `.deal:has-text("${title}")`;
	await one.page.goto('/deals/new');
	await one.page.fill('#f-title', title);
	await one.page.click('.counter .pri');
	await one.page.waitForSelector('#deal-foot');
	const deal = new URL(one.page.url()).pathname;
	for (const who of [one, other]) {
		await who.page.goto('/pipelines');
		await who.page.waitForSelector(card);
	}
	const names = await one.page.$$eval('.col h2', all => all.map(e => e.textContent));
	// One holds the card while the other puts it somewhere else.
	one.expect(/^412 PATCH/);
	await one.page.locator(card).scrollIntoViewIfNeeded();
	await one.page.locator(card).hover({ position: { x: 60, y: 45 } });
	await one.page.mouse.down();
	await one.page.locator('.col').nth(1).locator('ol').hover({ position: { x: 60, y: 8 }, force: true });
	await one.page.locator('.col').nth(1).locator('ol').hover({ position: { x: 62, y: 10 }, force: true });
	await other.page.locator(card).dragTo(other.page.locator('.col').nth(2).locator('ol'), { targetPosition: { x: 60, y: 8 } });
	check('card: who was first is told that it moved', (await flashed(other)).includes(`${title} foi movido para ${names[2]}`));
	await one.page.mouse.up();
	check('card: who was second is told why it did not', /outra pessoa/.test(await flashed(one)), await one.text('#flash'));
	const column = who => who.page.locator(`.col:has(${card}) h2`).innerText();
	for (const who of [one, other]) check(`card: ${who.name} sees it where it is`, await until(async () => await column(who) === names[2]), await column(who));
	const d = await api(one, `/api${deal}`);
	const p = await api(one, `/api/pipelines/${d.pipeline_id}`);
	check('card: and so it is', p.stages.find(s => s.id === d.stage_id)?.name === names[2]);
	// Once more, now that both know: it goes. On a busy machine the card may slip from the mouse, as it does to people.
	const moved = async () => (await one.text('#flash')).includes(`foi movido para ${names[1]}`);
	for (let tries = 0; tries < 3 && !await moved(); tries++) {
		await one.page.locator(card).dragTo(one.page.locator('.col').nth(1).locator('ol'), { targetPosition: { x: 60, y: 8 } });
		await until(moved);
	}
	check('card: tried again it moves', await moved());
	check('card: and the other sees it move', await until(async () => await column(other) === names[1]), await column(other));
}

async function same_answer() {
	const id = stamp(), name = `Dupla ${id}`, guest = await visitor(name);
	await guest.write(`Alguém aí ${id}`);
	const pair = await both();
	for (const who of pair) {
		await who.page.goto('/conversations?view=all');
		await until(() => who.has(row(name)));
		await open_row(who, name);
	}
	await Promise.all(pair.map(who => who.page.fill('#composer textarea', `Sou ${who.name} ${id}`)));
	await Promise.all(pair.map(who => who.page.click('#composer [data-send]')));
	for (const who of [...pair, guest])
		for (const by of pair)
			check(`answer: ${who.name} sees what ${by.name} wrote, once`, await shown(who, `Sou ${by.name} ${id}`) &&
				await who.page.locator(`#thread .msg:has-text("Sou ${by.name} ${id}")`).count() === 1);

	// The state of the conversation: the second choice meets the first one.
	const [one, other] = pair;
	other.expect(/^409 POST/, /^422 POST/);
	await other.page.evaluate(() => document.querySelector('#p-owner').showPopover());
	await one.page.click('[popovertarget=p-owner]');
	await one.page.selectOption('#f-assignee_id', { label: 'Luana Figueiredo' });
	await one.page.click('#p-owner button.pri');
	await until(() => one.has('#thread .sys:has-text("Luana")'));
	await other.page.selectOption('#f-assignee_id', { label: 'Davi Nakamura' });
	await other.page.click('#p-owner button.pri');
	check('owner: the second is shown both choices', await until(() => other.has('.diff')) && /Davi/.test(await other.text('.diff')) && /Luana/.test(await other.text('.diff')));
	await other.page.click('#problems .pri');
	check('owner: and may still have it so', await until(() => other.has('#thread .sys:has-text("Davi")')));
}

async function same_contact(script) {
	const id = stamp(), pair = await Promise.all(['rosana', 'davi'].map(async name => (await Person.come(name, { script })).sign_in(name, null)));
	const tag = script ? 'contact' : 'contact without script', [one, other] = pair;
	other.expect(/^409 POST/);
	await one.page.goto('/contacts/new');
	await one.page.fill('#f-name', `Contato ${id}`);
	await one.page.fill('#f-city', 'Contagem');
	await one.page.click('.counter .pri');
	await one.page.waitForURL(u => /^\/contacts\/[0-9a-f-]{36}$/.test(u.pathname));
	const at = new URL(one.page.url()).pathname;
	for (const who of pair) await who.page.goto(`${at}/edit`);
	await one.page.fill('#f-city', 'Betim');
	await one.page.click('.counter .pri');
	await one.page.waitForURL(u => u.pathname === at);
	await other.page.fill('#f-city', 'Nova Lima');
	await other.page.fill('#f-company', `Firma ${id}`);
	await other.page.click('.counter .pri');
	check(`${tag}: the second is shown both values`, await until(() => other.has('.diff')) && /Betim/.test(await other.text('.diff')) && /Nova Lima/.test(await other.text('.diff')),
		await other.text('main'));
	check(`${tag}: what only one changed is not asked`, !(await other.text('.diff')).includes(`Contato ${id}`));
	await other.page.click('.counter .pri');
	await other.page.waitForURL(u => u.pathname === at);
	const now = await other.text('main');
	check(`${tag}: saved as chosen, nothing else lost`, now.includes(`Firma ${id}`) && now.includes('Nova Lima'), now);
}

export async function two() {
	await Promise.all([
		chapter('two: card', same_card),
		(async () => {
			await chapter('two: answer', same_answer);
			await chapter('two: contact', () => same_contact(true));
			await chapter('two: contact without script', () => same_contact(false));
		})(),
	]);
}
