// rough.mjs: what a bad day does to one who writes: the session ends, the network is slow or gone, two tabs, two clicks.
import { Person, big, chapter, check, flashed, look, open_row, row, shown, small, stamp, until, visitor } from './kit.mjs';

const field = '#composer textarea', clinic = '/chat/chat-clinica-demo';
const typed = who => who.page.inputValue(field);

// A conversation with one message in it, opened by who.
async function begun(who, name, door) {
	const guest = await visitor(name, { script: false }, door);
	await guest.write(`Começo de ${name}`);
	await who.page.goto('/conversations?view=all&sort=-last_message_at');
	await look(who, () => who.has(row(name)));
	await open_row(who, name);
	return guest;
}

async function log_in(who, user) {
	await who.page.fill('[name=email]', user);
	await who.page.fill('[name=password]', 'balcao-demo');
	await who.page.click('main button.pri');
	await who.page.waitForSelector('#composer');
}

// The session ends in the middle of an answer of 2,000 characters.
async function expired(tag, options) {
	const id = stamp(), user = 'ana@clinica.test', script = options.script;
	const who = await (await Person.come('who writes', options)).sign_in(user, null);
	await begun(who, `Longa ${id}`, clinic);
	const here = who.page.url(), text = `Resposta longa ${id} ` + 'que custou dez minutos, com "aspas" & <sinais>. '.repeat(43).trim();
	await who.page.fill(field, text);
	who.expect(/\/(events|login)/, /^40[13] /);
	await who.context.clearCookies();
	await who.page.click('#composer [data-send]');
	if (script) {
		check(`${tag}: that the session ended is said`, await until(() => who.has('#flash .bad')));
		check(`${tag}: the text stays in its field`, await typed(who) === text);
		await who.shot('expired');
		await who.page.click('#flash .btn');
	}
	await who.page.waitForSelector('[name=password]');
	await log_in(who, user);
	check(`${tag}: back in the conversation`, await until(() => who.page.url().startsWith(here.split('?')[0])), who.page.url());
	check(`${tag}: all ${text.length} characters are in the field`, await until(async () => await typed(who) === text), (await typed(who)).length);
	check(`${tag}: nothing was sent meanwhile`, !(await who.has(`#thread .msg:has-text("Resposta longa ${id}")`)));
	await who.page.click('#composer [data-send]');
	check(`${tag}: now it can be sent`, await shown(who, `Resposta longa ${id}`));
	await who.page.goto(here);
	check(`${tag}: and stands there once`, await who.page.locator(`#thread .msg:has-text("Resposta longa ${id}")`).count() === 1);
	check(`${tag}: the field is empty`, await typed(who) === '');
}

async function tabs() {
	const id = stamp(), who = await (await Person.come('who has two tabs')).sign_in('davi', null);
	await begun(who, `Abas ${id}`);
	const first = who.page, second = await who.tab(), here = first.url();
	await second.goto(here);
	// The draft that is kept with the server is one; each tab has its own text all the same.
	const saved = page => page.waitForResponse(r => r.url().endsWith('/draft'));
	await first.locator(field).pressSequentially(`da primeira ${id}`);
	await saved(first);
	await second.locator(field).pressSequentially(`da segunda ${id}`);
	await saved(second);
	await Promise.all([first.reload(), second.reload()]);
	check('tabs: the first keeps its text over a reload', await first.inputValue(field) === `da primeira ${id}`, await first.inputValue(field));
	check('tabs: and so does the second', await second.inputValue(field) === `da segunda ${id}`, await second.inputValue(field));
	const third = await (await Person.come('the same person elsewhere', { script: false })).sign_in('davi', here);
	check('tabs: another browser finds what was written last', await typed(third) === `da segunda ${id}`, await typed(third));
	await second.click('#composer [data-send]');
	check('tabs: what the second sends the first shows', await shown(who, `da segunda ${id}`));
	check('tabs: and the first still has its text', await first.inputValue(field) === `da primeira ${id}`);
	await second.goto('/account');
	who.expect(/\/(events|login)/, /^40[13] /);
	await second.click('main form[action="/logout"] button');
	await second.waitForURL(u => u.pathname === '/login');
	await first.click('#composer [data-send]');
	check('tabs: signed out in one, the other says so', await until(() => who.has('#flash .bad')));
	check('tabs: and keeps its text', await first.inputValue(field) === `da primeira ${id}`);
	await first.click('#flash .btn');
	await first.waitForSelector('[name=password]');
	await log_in(who, 'davi@marcenaria.test');
	check('tabs: which is there after the login', await until(async () => await first.inputValue(field) === `da primeira ${id}`));
}

// A second of latency either way, then no network at all.
async function slow() {
	const id = stamp(), who = await (await Person.come('who is far away')).sign_in('luana', null), { page } = who;
	const guest = await begun(who, `Longe ${id}`), cdp = await who.context.newCDPSession(page);
	const network = (latency, offline = false) => cdp.send('Network.emulateNetworkConditions',
		{ offline, latency, downloadThroughput: latency ? 50000 : -1, uploadThroughput: latency ? 50000 : -1 });
	await cdp.send('Network.enable');
	await network(2000);
	await page.fill(field, `Devagar ${id}`);
	await page.click('#composer [data-send]');
	check('slow: the form says that it is busy', await page.getAttribute('#composer', 'aria-busy') === 'true');
	await page.click('#composer [data-send]', { force: true });
	await page.press(field, 'Control+Enter');
	check('slow: the message comes', await shown(who, `Devagar ${id}`, 20000));
	check('slow: and the field is free again', await until(async () => await typed(who) === '' && await page.getAttribute('#composer', 'aria-busy') === null));
	await network(0);
	await page.reload();
	check('slow: two clicks and a key made one message', await page.locator(`#thread .msg:has-text("Devagar ${id}")`).count() === 1);

	who.expect(/ERR_INTERNET_DISCONNECTED|net::ERR_/);
	await network(0, true);
	await page.fill(field, `Sem rede ${id}`);
	await page.click('#composer [data-send]');
	check('offline: that it was not sent is said', await until(() => who.has('#flash .bad')));
	check('offline: the text stays', await typed(who) === `Sem rede ${id}`);
	await guest.write(`Enquanto isso ${id}`);
	await network(0);
	check('offline: back again, what was missed comes by itself', await shown(who, `Enquanto isso ${id}`, 20000));
	check('offline: the text is still there', await typed(who) === `Sem rede ${id}`);
	await page.click('#composer [data-send]');
	check('offline: and goes out', await shown(who, `Sem rede ${id}`));
	check('offline: the warning is gone', await until(async () => !(await who.has('#flash .bad'))));
}

// The answer of a form is slow to reach the page, which meanwhile looks for news by itself.
async function raced() {
	const id = stamp(), who = await (await Person.come('who waits for an answer')).sign_in('luana', null), { page } = who;
	const guest = await begun(who, `Corrida ${id}`);
	let answered = false;
	await page.route(/\/status\?/, async route => {
		const res = await route.fetch({ maxRedirects: 0 });
		await guest.write(`Meanwhile ${id}`);
		answered = await until(() => who.has(`#thread .msg:has-text("Meanwhile ${id}")`));
		const { 'set-cookie': _, ...headers } = res.headers();
		await route.fulfill({ status: res.status(), headers });
	});
	await page.click('#conv-head button[name=status][data-key=e]');
	check('raced: what the form did is told, though the page was renewed before its answer came', /resolvida/i.test(await flashed(who)), await who.text('#flash'));
	check('raced: and it was', answered);
}

// Forms that make something, sent by two clicks and again after Back.
async function twice(tag, options) {
	const id = stamp(), who = await (await Person.come('who clicks twice', options)).sign_in('davi', null), { page } = who;
	const makes = [
		['/deals/new', '#f-title', `Negócio ${id}`, '.counter .pri', '/api/deals?q='],
		['/contacts/new', '#f-name', `Pessoa ${id}`, '.counter .pri', '/api/contacts?q='],
	];
	for (const [url, at, name, button, list] of makes) {
		await page.goto(url);
		await page.fill(at, name);
		await page.dblclick(button);
		await page.waitForURL(u => u.pathname !== url && !u.pathname.endsWith('/new'));
		await page.goBack();
		const again = await page.$(at);
		if (again && await page.inputValue(at) === name) {
			await page.click(button);
			await page.waitForURL(u => !u.pathname.endsWith('/new'));
		}
		const items = (await (await who.context.request.get(list + encodeURIComponent(name))).json()).items;
		check(`${tag}: two clicks and Back on ${url} make one`, items.length === 1, items.length);
	}
}

// A message for later: ordered, changed, taken back.
async function later(tag, options) {
	const id = stamp(), who = await (await Person.come('who plans', options)).sign_in('luana', null), { page } = who;
	who.expect(/^422 POST/);
	await begun(who, `Depois ${id}`);
	const open = async () => { if (!(await page.locator('#f-date').isVisible())) await page.click('#composer summary'); };
	const order = async date => {
		await open();
		await page.fill('#f-date', date);
		await page.fill('#f-time', '09:30');
		await page.click('#composer [formaction*="/schedule"]');
	};
	await page.fill(field, `Bom dia de amanhã ${id}`);
	await order('2020-01-02');
	check(`${tag}: a day that is over is refused, the text kept`, await until(() => who.has('#problems, #text-error .err')) && await typed(who) === `Bom dia de amanhã ${id}`);
	await order(new Date(Date.now() + 3 * 864e5).toISOString().slice(0, 10));
	check(`${tag}: it waits in the conversation`, await until(() => who.has(`#later .window:has-text("Bom dia de amanhã ${id}")`)));
	check(`${tag}: and the field is empty`, await until(async () => await typed(who) === ''));
	await page.click(`#later .window:has-text("Bom dia de amanhã ${id}") a`);
	await page.waitForSelector('form [name=text]');
	await page.fill('form [name=text]', `Boa tarde de amanhã ${id}`);
	await page.click('main .btn.pri');
	await page.waitForURL(u => u.pathname === '/scheduled');
	check(`${tag}: changed it stands in the list`, await who.has(`#later li:has-text("Boa tarde de amanhã ${id}")`));
	await page.locator(`#later li:has-text("Boa tarde de amanhã ${id}") form button`).click();
	check(`${tag}: taken back it is gone`, await until(async () => !(await who.has(`#later li:has-text("Boa tarde de amanhã ${id}")`))), await flashed(who));
}

// Several conversations at once, by the bar that comes when one is checked.
async function bulk(tag, options) {
	const id = stamp(), who = await (await Person.come('who tidies up', options)).sign_in('davi', null), { page } = who;
	for (const name of [`Um ${id}`, `Dois ${id}`]) {
		const guest = await visitor(name, { script: false });
		await guest.write(`Oi ${id}`);
	}
	await page.goto('/conversations?view=all&sort=-last_message_at');
	check(`${tag}: the bar is not there before`, await look(who, () => who.has(row(`Dois ${id}`))) && !(await page.locator('#f-id').isVisible()));
	for (const name of [`Um ${id}`, `Dois ${id}`]) await page.check(`${row(name)} [name=id]`);
	check(`${tag}: it counts what is checked`, await page.locator('#f-id').isVisible());
	await page.click('#f-id [value=resolve]');
	check(`${tag}: both are resolved`, /2 /.test(await flashed(who)) && await until(async () => !(await who.has(row(`Um ${id}`))) && !(await who.has(row(`Dois ${id}`)))), await flashed(who));
}

export async function rough() {
	const ways = [[' 1440', { size: big, script: true }], [' 390 no script', { size: small, script: false }]];
	const each = async (name, run) => { for (const [way, options] of ways) await chapter(name + way, () => run(name + way, options)); };
	await Promise.all([
		(async () => { await each('expired', expired); await chapter('tabs', tabs); await each('later', later); })(),
		(async () => { await chapter('slow', slow); await chapter('raced', raced); await each('twice', twice); await each('bulk', bulk); })(),
	]);
}
