// journey.mjs: one day's work from the first message to the deal that is won, with script and without, large and small,
// light and dark; every page and state on the way against axe.
import { Person, big, chapter, check, control, flashed, fresh_number, judge, look, open_row, row, shown, small, stamp, until } from './kit.mjs';

const path_of = page => new URL(page.url()).pathname;

// The quick reply of this journey: made on its page, deleted on its page.
async function quick_made(tag, agent, shortcut) {
	const { page } = agent;
	await page.goto('/quick-replies/new');
	await judge(agent, `${tag}: new quick reply`);
	await page.fill('#f-shortcut', shortcut);
	await page.fill('#f-title', 'Agradecimento');
	await page.fill('#f-content', `Obrigada pelo contato, {primeiro_nome}! ${shortcut}`);
	await page.fill('#f-category', 'Saudações');
	await page.click('main .btn.pri');
	await until(() => path_of(page) === '/quick-replies');
	check(`${tag}: the quick reply is in the list`, await agent.has(`tbody th:has-text("/${shortcut}")`));
	await judge(agent, `${tag}: quick replies`);
}

async function quick_gone(tag, agent, shortcut) {
	const { page } = agent;
	await page.goto('/quick-replies');
	await page.click(`tr:has-text("/${shortcut}") a[href*="/delete"]`);
	check(`${tag}: deleting asks first, by name`, (await agent.text('h1')).includes(shortcut));
	await judge(agent, `${tag}: quick reply to delete`);
	await page.click('main .btn.bad');
	await until(() => path_of(page) === '/quick-replies');
	check(`${tag}: the quick reply is gone`, !(await agent.has(`tr:has-text("/${shortcut}")`)) && /apagada/i.test(await flashed(agent)));
}

async function quick_used(tag, agent, shortcut, first) {
	const { page } = agent, field = page.locator('#composer textarea');
	if (agent.options.script) {
		await field.pressSequentially(`/${shortcut.slice(0, 4)}`);
		check(`${tag}: / opens the quick replies`, await until(() => page.locator('#p-quick').isVisible()));
	} else await page.click('[popovertarget=p-quick]');
	await judge(agent, `${tag}: quick replies in the composer`);
	await page.click(`#p-quick button:has-text("/${shortcut}")`);
	check(`${tag}: its text is in the field, with the name`,
		await until(async () => await field.inputValue() === `Obrigada pelo contato, ${first}! ${shortcut}`), await field.inputValue());
	await page.click('#composer [data-send]');
	check(`${tag}: and is sent`, await shown(agent, `Obrigada pelo contato, ${first}! ${shortcut}`));
	check(`${tag}: the field is empty`, await until(async () => await field.inputValue() === ''));
	// The stub's person answers; a message that comes while a menu is open makes its choice a conflict, rightly.
	check(`${tag}: the answer comes`, await look(agent, async () => await page.locator('#thread .msg:not(.us, .note)').count() > 1, 15000));
}

// Opens what the menu of the conversation holds.
const more = async (page, what) => {
	await page.click('[popovertarget=p-more]');
	await page.locator(`#p-more ${what}`).click();
};

async function talked(tag, agent, id) {
	const { page } = agent, mobile = agent.options.size === small;
	await page.locator('#mode label').nth(1).click();
	await page.fill('#composer textarea', `Mede amanhã ${id}`);
	await judge(agent, `${tag}: writing a note`);
	await page.click('#composer [data-send]');
	check(`${tag}: the note is there`, await until(() => agent.has(`.msg.note:has-text("Mede amanhã ${id}")`)));
	await judge(agent, `${tag}: conversation with a note`);

	if (mobile) await more(page, '[popovertarget=p-owner]');
	else await page.click('[popovertarget=p-owner]');
	await page.selectOption('#f-assignee_id', { label: 'Davi Nakamura' });
	await judge(agent, `${tag}: passing on`);
	await page.click('#p-owner button.pri');
	check(`${tag}: passed on`, await until(() => agent.has('#thread .sys:has-text("Davi Nakamura")')));

	await more(page, '[popovertarget=p-snooze]');
	await judge(agent, `${tag}: choosing until when it sleeps`);
	await page.click('#p-snooze [value=tomorrow]');
	check(`${tag}: it sleeps`, await until(() => agent.has('#snooze b')));
	await judge(agent, `${tag}: asleep`);
	await page.click('#snooze [value=wake]');
	check(`${tag}: it is awake`, await until(async () => !(await agent.has('#snooze b'))));

	await page.click('#conv-head [data-key=e]');
	check(`${tag}: resolved`, await until(() => agent.has('#conv-head [data-key=e][value=open]')));
	await judge(agent, `${tag}: resolved`);
}

async function converted(tag, agent, name) {
	const { page } = agent;
	await page.click('#conv-head h1 a');
	await page.waitForSelector('a[href$="/convert"]');
	await judge(agent, `${tag}: the lead`);
	await page.click('a[href$="/convert"]');
	await page.waitForSelector('#f-name');
	await judge(agent, `${tag}: converting`);
	await page.fill('#f-email', 'isto não é um e-mail');
	await page.click('.counter .pri');
	check(`${tag}: a wrong address is refused, the page kept`, await until(() => agent.has('#e-email')) && await page.inputValue('#f-name') === name);
	await judge(agent, `${tag}: converting refused`);
	await page.fill('#f-email', '');
	await page.fill('#f-city', 'Sabará');
	await page.click('.counter .pri');
	check(`${tag}: now a contact`, await until(async () => /^\/contacts\/[0-9a-f-]{36}$/.test(path_of(page)) && !(await agent.has('a[href$="/convert"]'))), page.url());
	await judge(agent, `${tag}: the contact`);
}

async function sold(tag, agent, title) {
	const { page } = agent, card = `.deal:has-text("${title}")`;
	await page.click('a[href^="/deals/new?contact="]');
	await page.waitForSelector('#f-title');
	await judge(agent, `${tag}: new deal`);
	await page.fill('#f-title', title);
	await page.fill('#f-value', 'muito');
	await page.click('.counter .pri');
	check(`${tag}: a value that is none is refused`, await until(() => agent.has('#e-value')) && await page.inputValue('#f-title') === title);
	await judge(agent, `${tag}: deal refused`);
	await page.fill('#f-value', '12.345,60');
	await page.click('.counter .pri');
	check(`${tag}: the deal is made`, await until(async () => (await agent.text('h1')) === title && (await agent.text('.kpis')).includes('12.345,60')));
	await judge(agent, `${tag}: the deal`);

	const stages = await page.$$eval('.steps li', all => all.map(e => e.textContent.trim()));
	await page.click('.crumbs a[href^="/pipelines/"]');
	await page.waitForSelector(card);
	await judge(agent, `${tag}: the board`);
	const stands = stage => until(async () => (await page.locator(`.col:has(${card}) h2`).innerText()) === stage);
	if (agent.options.script && agent.options.size === big) {
		await page.locator(card).dragTo(page.locator('.col').nth(1).locator('ol'), { targetPosition: { x: 60, y: 8 } });
		check(`${tag}: dragged, and told so`, (await flashed(agent)).includes(`${title} foi movido para ${stages[1]}`));
	} else {
		await page.click(`${card} a[href$="/move"]`);
		await page.waitForSelector('#f [name=stage_id]');
		await judge(agent, `${tag}: moving`);
		await page.locator('#f fieldset').first().locator('label').nth(1).click();
		await page.click('.counter .pri');
		await page.waitForSelector(card);
	}
	check(`${tag}: it stands in the next column`, await stands(stages[1]));
	await page.click(`${card} h3 a`);
	await page.waitForSelector('#deal-foot');
	await page.click('form[action$="/win"] button');
	check(`${tag}: won`, await until(() => agent.has('#won')));
	await judge(agent, `${tag}: won`);
}

async function day(tag, options) {
	const id = stamp(), first = `Ana${id}`, name = `${first} Souza`, from = fresh_number();
	const agent = await (await Person.come('the agent', options)).sign_in('rosana', null);
	agent.expect(/^422 POST/);
	await quick_made(tag, agent, `obrig-${id}`);
	await agent.page.goto('/conversations?view=all');
	await control({ inbound: { phone_number_id: '100000000000001', from, name, text: `Quero uma estante ${id}` } });
	check(`${tag}: the message is in the inbox`, await look(agent, () => agent.has(row(name)), 8000));
	await judge(agent, `${tag}: the inbox`);
	await open_row(agent, name);
	await judge(agent, `${tag}: the conversation`);
	await quick_used(tag, agent, `obrig-${id}`, first);
	await talked(tag, agent, id);
	await converted(tag, agent, name);
	await sold(tag, agent, `Estante ${id}`);
	await quick_gone(tag, agent, `obrig-${id}`);
}

// Every way there is to see it, in two lines: with script and without, large and small, light and dark.
export async function journey() {
	const ways = [];
	for (const script of [true, false]) for (const size of [big, small]) for (const dark of [false, true]) ways.push({ script, size, dark });
	const line = async mine => {
		for (const way of mine) {
			const tag = `day ${way.size.width}${way.dark ? ' dark' : ''}${way.script ? '' : ' no script'}`;
			await chapter(tag, () => day(tag, way));
		}
	};
	await Promise.all([line(ways.filter((_, i) => i % 2 === 0)), line(ways.filter((_, i) => i % 2 === 1))]);
}
