// talk.mjs: the conversation itself: a visitor, people on WhatsApp, agents; with script and without, large and small.
import fs from 'node:fs';
import path from 'node:path';
import {
	Person, big, chapter, chat, check, control, dir, flashed, fresh_number, look, open_row, row, shown, sleep, small, stamp, until, visitor,
} from './kit.mjs';

// Another tenant, so that two lines of chapters do not get into each other's way.
const mirela = 'mirela@clinica.test', ana = 'ana@clinica.test', clinic = '/chat/chat-clinica-demo';
async function chat_talk(tag, options) {
	const id = stamp(), name = `Visita ${id}`, script = options.script;
	const agent = await (await Person.come('the agent', options)).sign_in('luana');
	const guest = await visitor(name, options);
	const tabs = () => agent.page.locator('#tabs [href*="unassigned"] .count').first().innerText().then(Number).catch(() => 0);
	const before = await tabs();
	await guest.write(`Bom dia ${id}`);
	check(`${tag}: the visitor sees what was written`, await shown(guest, `Bom dia ${id}`));
	check(`${tag}: the inbox shows it ${script ? 'by itself within 3 s' : 'when asked again'}`, await look(agent, () => agent.has(row(name)), 3000));
	check(`${tag}: the count of those without an owner went up`, await until(async () => await tabs() === before + 1), `${before} to ${await tabs()}`);
	const place = t => agent.page.$$eval('.conv', (rows, t) => rows.findIndex(r => r.textContent.includes(t)), t);
	await agent.page.goto('/conversations?view=all&sort=-last_message_at');
	check(`${tag}: newest first, it is the first`, await look(agent, async () => await place(name) === 0));
	const other = await visitor(`Outra ${id}`, options);
	await other.write(`Chegou depois ${id}`);
	check(`${tag}: another one takes the first place`, await look(agent, async () => await place(`Outra ${id}`) === 0 && await place(name) === 1, 3500));

	await open_row(agent, name);
	check(`${tag}: the conversation shows the message`, await shown(agent, `Bom dia ${id}`));
	await agent.write(`Pode falar ${id}`);
	check(`${tag}: the agent sees the answer`, await shown(agent, `Pode falar ${id}`));
	check(`${tag}: the field is empty again`, await until(async () => await agent.page.inputValue('#composer textarea') === ''));
	// Without script the messages stand in a frame of their own.
	const guest_sees = async text => script ? guest.has(`#thread .msg:has-text("${text}")`) :
		await guest.page.frameLocator('noscript iframe, iframe.thread').locator(`.msg:has-text("${text}")`).count() > 0;
	check(`${tag}: the visitor sees the answer`, await look(guest, () => guest_sees(`Pode falar ${id}`)));
	await agent.page.locator('#mode label').nth(1).click();
	await agent.write(`Segredo da equipe ${id}`);
	check(`${tag}: the agent sees the note`, await until(() => agent.has(`.msg.note:has-text("Segredo da equipe ${id}")`)));
	if (script) await agent.page.locator('#mode label').nth(0).click();
	await agent.write(`Depois da nota ${id}`);
	check(`${tag}: the visitor sees what came after the note`, await look(guest, () => guest_sees(`Depois da nota ${id}`)));
	check(`${tag}: the visitor does not see the note`, !(await guest_sees('Segredo da equipe')) && !(await guest.page.content()).includes('Segredo da equipe'));
	await guest.page.goto('/');
	await guest.page.goto(chat);
	check(`${tag}: the visitor comes back to the same conversation`, await until(() => guest_sees(`Bom dia ${id}`)));
	await guest.shot(`chat-${tag.replace(/\W+/g, '-')}`);
	await agent.shot(`conversation-${tag.replace(/\W+/g, '-')}`);

	await state_changes(tag, agent);
}

async function state_changes(tag, agent) {
	const mobile = agent.options.size.width < 700;
	const status = async want => {
		await agent.page.locator('#conv-head button[name=status][data-key=e]').click();
		const ok = await until(() => agent.has(`#conv-head button[data-key=e][value="${want}"]`));
		check(`${tag}: ${want === 'open' ? 'resolved' : 'opened again'}`, ok);
	};
	await status('open');
	await status('resolved');
	if (mobile || !agent.options.script) {
		await agent.page.click('[popovertarget=p-more]');
		await agent.page.locator('#p-more form[action*="/take"] button').click();
	} else await agent.page.locator('#conv-head form[action*="/take"] button').click();
	check(`${tag}: taken, and told so`, await until(async () => /agora é sua/.test(await flashed(agent))));
	await agent.page.click(mobile ? '[popovertarget=p-more]' : '[popovertarget=p-owner]');
	if (mobile) await agent.page.click('#p-more [popovertarget=p-owner]');
	await agent.page.selectOption('#f-assignee_id', { label: 'Davi Nakamura' });
	await agent.page.locator('#p-owner button.pri').click();
	check(`${tag}: passed on to Davi`, await until(() => agent.has('#thread .sys:has-text("Davi Nakamura")')));
}

async function whatsapp_talk(tag, options) {
	const id = stamp(), name = `Zap ${id}`, from = fresh_number();
	await control({ reset: true, status_delay_ms: [200, 500, 900] });
	const agent = await (await Person.come('the agent', options)).sign_in(mirela);
	await control({ inbound: { phone_number_id: '100000000000002', from, name, text: `Oi do zap ${id}` } });
	check(`${tag}: a WhatsApp message is in the inbox`, await look(agent, () => agent.has(row(name)), 8000));
	await open_row(agent, name);
	await agent.write(`Resposta ${id}`);
	check(`${tag}: the answer is there`, await shown(agent, `Resposta ${id}`));
	const mine = `.msg.us:has-text("Resposta ${id}")`;
	check(`${tag}: its ticks rise to read`, await look(agent, () => agent.has(`${mine} .stamp .read`), 15000), await agent.text(`${mine} .stamp`));

	await control({ recipient: { number: from, fails: 131026 } });
	await agent.write(`Esta falha ${id}`);
	const lost = `.msg.us:has-text("Esta falha ${id}")`;
	check(`${tag}: a failed message gives its reason`, await look(agent, async () => /Não enviada: \S+/.test(await agent.text(`${lost} .stamp`)), 15000),
		await agent.text(`${lost} .stamp`));
	await agent.shot(`failed-${tag.replace(/\W+/g, '-')}`);
	await control({ recipient: { number: from, fails: 0 } });
	await agent.page.locator(`${lost} button.lnk`).click();
	check(`${tag}: tried again it arrives`, await look(agent, () => agent.has(`${lost} .stamp .read`), 15000), await agent.text(`${lost} .stamp`));
	check(`${tag}: and stands there once`, await agent.page.locator(lost).count() === 1);
}

// What goes wrong while one writes.
async function mishaps(tag, options) {
	const id = stamp(), script = options.script, name = `Azar ${id}`;
	const guest = await visitor(name, options, clinic);
	await guest.write(`Começo ${id}`);
	await shown(guest, `Começo ${id}`);
	const agent = await (await Person.come('the agent', options)).sign_in(ana);
	await look(agent, () => agent.has(row(name)));
	await open_row(agent, name);
	agent.expect(/^422 POST/);
	const long = `Resposta comprida ${id} ` + 'que não cabe numa mensagem do WhatsApp. '.repeat(120);
	await agent.page.$eval('#composer textarea', el => el.removeAttribute('maxlength'));
	await agent.write(long);
	check(`${tag}: a message that is too long is refused at its field`, await until(() => agent.has('#text-error .err')));
	check(`${tag}: and the text is kept`, (await agent.page.inputValue('#composer textarea')).trim() === long.trim());
	if (!script) check(`${tag}: the title says that there is an error`, /^Erro/.test(await agent.page.title()), await agent.page.title());
	await agent.shot(`refused-${tag.replace(/\W+/g, '-')}`);
	await agent.page.fill('#composer textarea', '   ');
	await agent.page.click('#composer [data-send]');
	check(`${tag}: an empty one is refused`, await until(() => agent.has('#text-error .err')));
	const here = agent.page.url().replace(/\/messages.*/, '');
	await agent.page.goto(here);

	// Twice at once: the same form, sent by two clicks in one moment.
	await agent.page.fill('#composer textarea', `Uma só vez ${id}`);
	if (script) {
		await agent.page.$eval('#composer [data-send]', b => { b.click(); b.click(); });
		await shown(agent, `Uma só vez ${id}`);
	} else {
		await agent.page.dblclick('#composer [data-send]');
		await agent.page.waitForLoadState();
	}
	await sleep(600);
	await agent.page.goto(here);
	check(`${tag}: a double click sends one message`, await agent.page.locator(`#thread .msg:has-text("Uma só vez ${id}")`).count() === 1);

	// Back after sending, and the same form once more.
	await agent.write(`Ida ${id}`);
	await shown(agent, `Ida ${id}`);
	await agent.page.goto('/notifications');
	await agent.page.goBack();
	check(`${tag}: back after sending: the message stands there once`,
		await until(async () => await agent.page.locator(`#thread .msg:has-text("Ida ${id}")`).count() === 1));
	if (!script) {
		await agent.page.goBack();
		await agent.page.goBack();
		await agent.page.waitForSelector('#composer');
		if (await agent.page.inputValue('#composer textarea') !== '') {
			await agent.page.click('#composer [data-send]');
			await agent.page.waitForLoadState();
		}
		await agent.page.goto(here);
		check(`${tag}: the form of before sent again is no second message`, await agent.page.locator(`#thread .msg:has-text("Ida ${id}")`).count() === 1);
	}
}

// Two tabs of one agent; the stream cut; keys.
async function alive() {
	const id = stamp(), name = `Fluxo ${id}`;
	const guest = await visitor(name, { script: false });
	await guest.write(`Primeira ${id}`);
	const agent = await (await Person.come('the agent')).sign_in('luana');
	await look(agent, () => agent.has(row(name)));
	await open_row(agent, name);
	const first = agent.page, second = await agent.tab();
	await second.goto(first.url());
	await second.fill('#composer textarea', 'rascunho da outra aba');
	await agent.write(`De uma aba ${id}`);
	check('tabs: what one tab sends the other shows', await until(() => second.locator(`#thread .msg:has-text("De uma aba ${id}")`).count().then(n => n === 1)));
	check('tabs: what was typed in the other stays', await second.inputValue('#composer textarea') === 'rascunho da outra aba');
	await second.fill('#composer textarea', `Da outra ${id}`);
	await second.click('#composer [data-send]');
	check('tabs: and the other way round', await shown(agent, `Da outra ${id}`));
	await second.close();

	// Typing is told; what the reader scrolled to stays.
	const live = Number(fs.readFileSync(path.join(dir, 'pid/live'), 'utf8'));
	const boss = Number(fs.readFileSync(path.join(dir, 'pid/supervise'), 'utf8'));
	const marked = await first.evaluate(() => { window.notReloaded = true; return true; });
	agent.expect(/net::ERR_/, /^50[0-9] GET .*\/events/, /console error: .*(EventSource|ERR_INCOMPLETE)/);
	process.kill(boss, 'SIGSTOP');
	try {
		process.kill(live, 'SIGKILL');
		await guest.write(`No escuro ${id}`);
		await sleep(700);
		check('cut: while the stream is away nothing comes', !(await agent.has(`#thread .msg:has-text("No escuro ${id}")`)));
	} finally { process.kill(boss, 'SIGCONT'); }
	check('cut: when it is back the message is shown', await shown(agent, `No escuro ${id}`, 15000));
	check('cut: without a reload', marked && await first.evaluate(() => window.notReloaded === true));
	await guest.write(`De novo claro ${id}`);
	check('cut: and the next one at once', await shown(agent, `De novo claro ${id}`, 3000));
	return keys(agent, id);
}

async function keys(agent, id) {
	const { page } = agent, at = sel => page.evaluate(s => document.activeElement.matches(s), sel);
	await page.goto('/conversations?view=all');
	await page.keyboard.press('j');
	check('keys: j goes to the first of the list', await at('.conv:first-child a, .conv a'));
	const one = await page.evaluate(() => document.activeElement.href);
	await page.keyboard.press('j');
	check('keys: j again to the next', await at('.conv a') && one !== await page.evaluate(() => document.activeElement.href));
	await page.keyboard.press('k');
	check('keys: k back', one === await page.evaluate(() => document.activeElement.href));
	await page.keyboard.press('/');
	check('keys: / to the search', await at('[data-search]'));
	await page.keyboard.type('jk?');
	check('keys: letters typed there are letters', await page.inputValue('[data-search]') === 'jk?');
	await page.fill('[data-search]', '');
	await page.keyboard.press('Escape');
	await page.evaluate(() => { document.activeElement.blur(); document.querySelector(':popover-open')?.hidePopover(); });
	await page.keyboard.press('?');
	check('keys: ? shows them', await page.locator('#keys').isVisible());
	await page.keyboard.press('Escape');
	check('keys: Esc closes', !(await page.locator('#keys').isVisible()));
	await open_row(agent, `Fluxo ${id}`);
	await page.keyboard.press('n');
	check('keys: n to a note', await at('#composer textarea') && await page.isChecked('#composer [name=internal][value="1"]'));
	await page.keyboard.press('Escape');
	await page.keyboard.press('r');
	check('keys: r to an answer', await at('#composer textarea') && await page.isChecked('#composer [name=internal][value="0"]'));
	await page.keyboard.type(`Por teclado ${id}`);
	await page.keyboard.press('Control+Enter');
	check('keys: Ctrl+Enter sends', await shown(agent, `Por teclado ${id}`));
	check('keys: and the focus stays in the field', await at('#composer textarea'));
	await page.keyboard.press('Escape');
	await page.keyboard.press('e');
	check('keys: e resolves', await until(() => agent.has('#conv-head button[data-key=e][value=open]')));
	await page.keyboard.press('Escape');
	check('keys: Esc goes back to the list', await until(() => new URL(page.url()).pathname === '/conversations'));
	await page.waitForLoadState();
	await page.keyboard.press('g');
	await page.keyboard.press('k');
	check('keys: g k to the contacts', await until(() => /\/(contacts|leads)$/.test(new URL(page.url()).pathname)));
	await page.click('.rail [popovertarget=menu] >> visible=true');
	await page.click('#menu [popovertarget=keys]');
	await page.check('#keys-off');
	await page.keyboard.press('Escape');
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press('?');
	check('keys: switched off they rest', !(await page.locator('#keys').isVisible()));
}

// The account: language, theme, password there and back, the door.
async function account(tag, options) {
	const who = await Person.come('the viewer', options), { page } = who;
	who.expect(/^422 POST/, /^40[13] /);
	await page.goto('/conversations');
	check(`${tag}: who is not signed in comes to the door`, new URL(page.url()).pathname === '/login');
	await page.fill('[name=email]', 'vera@marcenaria.test');
	await page.fill('[name=password]', 'errada-mesmo');
	await page.click('main button.pri');
	check(`${tag}: a wrong password is said, the address kept`, await until(() => who.has('#problems')) && await page.inputValue('[name=email]') === 'vera@marcenaria.test');
	await page.fill('[name=password]', 'balcao-demo');
	await page.click('main button.pri');
	check(`${tag}: and then to where one wanted`, await until(() => new URL(page.url()).pathname === '/conversations'), page.url());
	await page.goto('/account');
	await page.selectOption('[name=locale]', 'en');
	await page.selectOption('[name=theme]', 'dark');
	await page.click('form[action="/account/preferences"] button');
	check(`${tag}: the page speaks English`, await until(() => who.has('html[lang=en]')));
	check(`${tag}: and is dark`, await page.evaluate(() => {
		const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
		return document.documentElement.dataset.theme === 'dark' && (Math.max(r, g, b) < 90 || Math.max(r, g, b) <= 0.35);
	}));
	await page.selectOption('[name=locale]', 'pt_BR');
	await page.selectOption('[name=theme]', 'auto');
	await page.click('form[action="/account/preferences"] button');
	check(`${tag}: and Portuguese again`, await until(() => who.has('html[lang="pt-BR"][data-theme=auto]')));
	const change = async (from, to, again = to) => {
		await page.fill('#f-current', from);
		await page.fill('#f-password', to);
		await page.fill('#f-again', again);
		await page.click('form[action="/account/password"] button');
	};
	await change('balcao-demo', 'outra frase longa', 'outra frase curta');
	check(`${tag}: two different passwords are refused`, await until(() => who.has('#e-again')));
	await page.goto('/account');
	await change('balcao-demo', 'outra frase longa');
	check(`${tag}: the password is changed`, /Senha trocada/.test(await flashed(who)));
	await change('outra frase longa', 'balcao-demo');
	await page.waitForLoadState();
	check(`${tag}: and back`, /Senha trocada/.test(await flashed(who)));
	await page.click('main form[action="/logout"] button');
	check(`${tag}: signed out`, await until(() => new URL(page.url()).pathname === '/login') && /Você saiu/.test(await flashed(who)));
	await page.goto('/conversations');
	check(`${tag}: and really`, new URL(page.url()).pathname === '/login');
	await page.goto('/login');
	await page.click('a[hreflang=en]');
	check(`${tag}: the door in English`, await until(() => who.has('html[lang=en]')));
}

export async function talk() {
	const says = (size, script) => `${size === big ? '1440' : '390'}${script ? '' : ' no script'}`;
	const twice = async (name, run) => {
		for (const options of [{ size: big, script: true }, { size: small, script: false }]) {
			const tag = `${name} ${says(options.size, options.script)}`;
			await chapter(tag, () => run(tag, options));
		}
	};
	const chats = async () => {
		for (const size of [big, small])
			for (const script of [true, false])
				await chapter(`chat ${says(size, script)}`, () => chat_talk(`chat ${says(size, script)}`, { size, script }));
	};
	await Promise.all([
		(async () => { await chats(); await twice('account', account); })(),
		(async () => { await twice('whatsapp', whatsapp_talk); await twice('mishaps', mishaps); })(),
	]);
	// Alone: it kills what the others listen to.
	await chapter('alive', alive);
}
