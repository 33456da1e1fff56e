// pages.mjs: every page of the route tables and every other that links reach, for an administrator, a viewer and an empty
// company, and the states that no link shows: axe, sideways scroll, dark, budgets.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import zlib from 'node:zlib';
import { Person, axe_faults, base, big, chapter, chat, check, sideways, small, stamp, until } from './kit.mjs';

// Addresses that are files, data, or actions rather than pages.
const no_page = /^\/(api|files|static|events|lang|logout|chat)\b|\.(csv|json)$|^\/$/;
// One address of each shape: ids and values of the query do not make another page.
const shape = url => url.pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id') + '?' + [...url.searchParams.keys()].filter(k => k !== 'cursor').sort().join('&');
const rules_of_colour = ['color-contrast', 'link-in-text-block'];

async function crawl(page, start, limit = 200) {
	const seen = new Map(), queue = [...start];
	while (queue.length && seen.size < limit) {
		const url = new URL(queue.shift(), base), key = shape(url);
		if (url.origin !== base || no_page.test(url.pathname) || seen.has(key)) continue;
		seen.set(key, url.pathname + url.search);
		const res = await page.goto(url.pathname + url.search, { waitUntil: 'domcontentloaded' });
		if (!/html/.test(res.headers()['content-type'] ?? '')) { seen.delete(key); continue; }
		queue.push(...await page.$$eval('a[href]', as => as.map(a => a.href)));
	}
	check(`links lead to no more than ${limit} kinds of pages`, !queue.length, `${queue.length} were not followed`);
	return [...seen.values()];
}

const label = url => url.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id').replace(/cursor=[^&]*/, 'cursor=…');
const shot_name = url => label(url).replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'home';

// A page or a state in all its looks: large, dark, small.
async function judge(who, what, pictures) {
	const { page } = who, picture = look => pictures && who.shot(`${pictures}-${look}`);
	const say = (look, faults) => check(`${what}: axe ${look}`, !faults.length, faults.join(' || '));
	say('at 1440', await axe_faults(page));
	await picture('1440');
	await page.emulateMedia({ colorScheme: 'dark' });
	say('dark', await axe_faults(page, rules_of_colour));
	await picture('1440-dark');
	await page.emulateMedia({ colorScheme: 'light' });
	await page.setViewportSize(small);
	say('at 390', await axe_faults(page));
	await picture('390');
	const wide = [await sideways(page)];
	await page.setViewportSize({ width: 360, height: 780 });
	wide.push(await sideways(page));
	await page.setViewportSize(big);
	check(`${what}: no sideways scroll at 390 and 360`, !wide.some(Boolean), wide.join(' / '));
}

// Popovers are states of their own: each one the page has, opened.
async function popovers(who, what) {
	const { page } = who, opened = [];
	for (const id of await page.$$eval('[popover][id]', all => all.map(e => e.id))) {
		// Rows have the same ones over and over.
		if (opened.some(o => o.replace(/[0-9a-f-]{8,}|\d+/, '') === id.replace(/[0-9a-f-]{8,}|\d+/, ''))) continue;
		opened.push(id);
		if (['menu', 'keys'].includes(id) && !/account/.test(what)) continue;
		await page.evaluate(i => { document.getElementById(i).hidden = false; document.getElementById(i).showPopover(); }, id);
		const faults = await axe_faults(page, undefined, `[id="${id}"]`);
		check(`${what}: axe in #${id.replace(/[0-9a-f-]{20,}/, ':id')}`, !faults.length, faults.join(' || '));
		await page.evaluate(i => document.getElementById(i).hidePopover(), id);
	}
}

// Every page of the route tables, with ids of this tenant; path: as the table has it.
async function routes_of(who) {
	const R_RAW = 16, { page } = who, request = who.context.request;
	const rows = execFileSync(path.join(process.env.BIN ?? 'build/release/bin', 'balcao-routes'), ['list']).toString().trim().split('\n').map(l => l.split('\t'));
	await page.goto('/account');
	const headers = { 'x-csrf-token': await page.locator('[name=csrf]').first().inputValue() };
	const first = async (list, make) => {
		const now = await (await request.get(`/api/${list}`)).json();
		if (now.items?.length || !make) return now.items?.[0]?.id;
		return (await (await request.post(`/api/${list}`, { headers, data: await make() })).json()).id;
	};
	const makes = {
		'quick-replies': () => ({ shortcut: `oi-${stamp()}`, title: 'Saudação', content: 'Oi, {primeiro_nome}!' }),
		'scheduled-messages': async () => ({ conversation_id: await first('conversations'), text: 'Bom dia!', run_at: new Date(Date.now() + 864e5).toISOString() }),
	};
	const ids = new Map(), list = [];
	for (const [, method, at, faces, , , flags] of rows) {
		if (method !== 'GET' || faces === 'api' || Number(flags) & R_RAW || no_page.test(at) || at === '/login') continue;
		const [, family, id] = at.split('/'), from = family === 'scheduled' ? 'scheduled-messages' : family;
		if (id?.startsWith(':') && !ids.has(family)) {
			if (family === 'stages') ids.set(family, (await (await request.get('/api/pipelines')).json()).items[0].stages[0].id);
			else ids.set(family, await first(from, makes[from]));
			check(`there is one of ${family} to look at`, ids.get(family));
		}
		list.push(at.replace(':id', ids.get(family)));
	}
	return list;
}

// What a viewer may not have: all that changes something, and what only the house's own work needs.
const not_for_viewers = `/conversations/new /conversations/:id/assign /conversations/:id/snooze /conversations/:id/merge /conversations/:id/template
	/templates /quick-replies /quick-replies/new /quick-replies/:id/edit /quick-replies/:id/delete /scheduled/:id/edit
	/contacts/new /contacts/:id/edit /contacts/:id/convert /contacts/:id/lose /leads/new /leads/:id/edit /leads/:id/convert /leads/:id/lose
	/pipelines/new /pipelines/:id/settings /pipelines/:id/delete /pipelines/:id/many /stages/:id/delete
	/deals/new /deals/:id/edit /deals/:id/move /deals/:id/lose /deals/:id/delete
	/settings /teams/new /teams/:id/edit /teams/:id/delete /connections /connections/new /connections/:id /holidays`.split(/\s+/).map(at => `403 ${at}`);

// The same pages for one who may only look, and in a company that has nothing yet: both themes, both sizes. The first that is
// refused is looked at too. Denied: the pages that this one may not have.
async function looks_of(name, user, list, denied) {
	const who = await (await Person.come(name)).sign_in(user, null), { page } = who, refused = [];
	who.expect(/^40[349] GET/);
	for (const url of list) {
		const res = await page.goto(url, { waitUntil: 'domcontentloaded' });
		if (res.status() >= 400) refused.push(`${res.status()} ${label(url)}`);
		if (refused.length > 1 && res.status() >= 400) continue;
		const faults = await axe_faults(page);
		await page.emulateMedia({ colorScheme: 'dark' });
		await page.setViewportSize(small);
		faults.push(...await axe_faults(page), await sideways(page));
		await who.shot(`${name.replace(/\W+/g, '-')}-${shot_name(url)}`);
		await page.emulateMedia({ colorScheme: 'light' });
		await page.setViewportSize(big);
		check(`${label(url)} for ${name}: axe at 1440 and dark at 390`, !faults.filter(Boolean).length, faults.filter(Boolean).join(' || '));
	}
	const others = [...refused.filter(r => !denied.includes(r)), ...denied.filter(d => !refused.includes(d)).map(d => `not ${d}`)];
	check(`${name} is refused ${denied.length || 'no'} pages`, !others.length, others.join(', '));
}

function empty_company() {
	const id = stamp(), email = `dona@${id}.test`;
	const say = (args, input) => execFileSync('scripts/run', ['--exec', 'balcao-console', ...args], { input, stdio: ['pipe', 'ignore', 'inherit'] });
	say(['tenant-add', '--name', 'Sem Nada Ainda', '--slug', id]);
	say(['user-add', '--tenant', id, '--name', 'Dona Nova', '--email', email, '--role', 'admin', '--password-stdin'], 'balcao-demo\n');
	return email;
}

// Pages that differ from an earlier one in their query only are looked at for what is quick to see.
async function everywhere(list, odd) {
	const who = await (await Person.come('who looks')).sign_in('rosana', null);
	who.expect(/^409 GET/);
	for (const [i, url] of list.entries()) {
		if (i % 2 !== odd) continue;
		await who.page.goto(url, { waitUntil: 'domcontentloaded' });
		const known = list.findIndex(u => label(u).split('?')[0] === label(url).split('?')[0]) < i;
		if (!known) {
			await judge(who, label(url), `page-${shot_name(url)}`);
			await popovers(who, label(url));
			continue;
		}
		const faults = await axe_faults(who.page);
		check(`${label(url)}: axe at 1440`, !faults.length, faults.join(' || '));
		await who.page.setViewportSize({ width: 360, height: 780 });
		const wide = await sideways(who.page);
		check(`${label(url)}: no sideways scroll at 360`, !wide, wide);
		await who.page.setViewportSize(big);
	}
}

// What no link shows: errors, refusals, empty places, another role, doors.
async function states() {
	const who = await (await Person.come('who errs')).sign_in('luana', null), { page } = who;
	who.expect(/^404 GET/, /^403 GET/, /^422 POST/, /^409 POST/);
	const at = async (what, url) => { await page.goto(url); await judge(who, what, `state-${what.replace(/\W+/g, '-')}`); };
	await at('404', '/conversations/01900000-0000-7000-8000-000000000000');
	await at('404 of nobody', '/nada/disso');
	await at('empty list', '/conversations?view=all&q=ninguemsechamaassim');
	await at('spam list', '/conversations?view=all&status=spam');
	await at('filtered list', '/conversations?view=all&channel=chat&sort=-last_message_at');
	await at('no people found', '/contacts?q=ninguemsechamaassim');
	await page.goto('/conversations?view=all&sort=-last_message_at');
	await page.locator('.conv a').first().click();
	await page.waitForSelector('#composer textarea');
	await page.fill('#composer textarea', '  ');
	await page.click('#composer [data-send]');
	check(`refused in place`, await until(() => who.has('#text-error .err')));
	await judge(who, 'refused message');
	await page.goto('/account');
	await page.click('form[action="/account/password"] button');
	await judge(who, 'refused password');

	const guest = await Person.come('who stands outside');
	guest.expect(/^422 POST/, /^404 GET/);
	await guest.page.goto('/login');
	await judge(guest, 'login', 'state-login');
	await guest.page.fill('[name=email]', 'nobody@marcenaria.test');
	await guest.page.fill('[name=password]', 'x');
	await guest.page.click('main button.pri');
	await judge(guest, 'refused login');
	await guest.page.goto(chat);
	await judge(guest, 'chat of a newcomer');
	await guest.page.fill('#f-email', 'isto não é um e-mail');
	await guest.page.fill('#f-text', 'Oi');
	await guest.page.click('#composer [data-send]');
	check(`chat: a wrong address is refused, the text kept`, await until(() => guest.has('#e-email, #problems')) && await guest.page.inputValue('#f-text') === 'Oi');
	await judge(guest, 'refused chat');
	await guest.page.fill('#f-email', '');
	await guest.page.click('#composer [data-send]');
	await until(() => guest.has('#thread .msg.us'));
	await judge(guest, 'chat with messages', 'state-chat');
	await guest.page.goto('/chat/nao-existe');
	await judge(guest, 'chat that is not there');

	const viewer = await (await Person.come('the viewer')).sign_in('vera', '/conversations?view=all');
	await judge(viewer, 'list of a viewer');
	await viewer.page.locator('.conv a').first().click();
	await viewer.page.waitForSelector('#thread');
	check(`a viewer has no composer`, !(await viewer.has('#composer')));
	await judge(viewer, 'conversation of a viewer', 'state-viewer');
}

// What has the focus after Tab: wholly hidden behind something, or without a sign of it; empty when all is well.
const focus_fault = page => page.evaluate(() => {
	const at = document.activeElement, r = at.getBoundingClientRect();
	if (at === document.body) return 'end';
	if (at.matches('.body, .board-wrap')) return '';
	const seen = [[.5, .5], [.05, .5], [.95, .5], [.5, .1], [.5, .9]].some(([x, y]) => {
		const top = document.elementFromPoint(r.left + r.width * x, r.top + r.height * y);
		return top && (at.contains(top) || top.closest('label')?.contains(at) || top.contains(at) && !top.matches('.counter, .rail'));
	});
	const ringed = e => e && [undefined, '::after'].some(part => getComputedStyle(e, part).outlineStyle !== 'none');
	return seen && (ringed(at) || ringed(at.closest('label')) || ringed(at.parentElement)) ? '' : `${seen ? 'no ring' : 'hidden'}: ${at.outerHTML.slice(0, 120)}`;
});

// By keyboard, on a phone's width; nothing beside the page at 320 px, which is 1280 at 400 %.
async function sight(list) {
	const who = await (await Person.come('who tabs')).sign_in('rosana', null), { page } = who;
	who.expect(/^409 GET/);
	await page.setViewportSize(small);
	for (const url of list) {
		await page.goto(url);
		const faults = new Set();
		for (let i = 0; i < 40; i++) {
			await page.keyboard.press('Tab');
			let fault = '';
			// A list that scrolls to it may still be on its way.
			await until(async () => !(fault = await focus_fault(page)) || fault === 'end', 3000);
			if (fault === 'end') break;
			if (fault) faults.add(fault);
		}
		check(`${label(url)}: the focus is seen wherever Tab leads`, !faults.size, [...faults].join(' | '));
		await page.setViewportSize({ width: 320, height: 640 });
		const wide = await sideways(page);
		check(`${label(url)}: no sideways scroll at 320`, !wide, wide);
		await page.setViewportSize(small);
	}
}

async function budgets() {
	const who = await Person.come('who weighs', {}), { page } = who;
	let asked = [], js = 0, css = 0;
	await who.sign_in('rosana', null);
	const cookie = (await who.context.cookies()).map(c => `${c.name}=${c.value}`).join('; ');
	const get = async url => {
		const body = Buffer.from(await (await fetch(base + url, { headers: { cookie } })).arrayBuffer());
		return { raw: body.length, gz: zlib.gzipSync(body, { level: 4 }).length };
	};
	await page.goto('/conversations?view=all&sort=-last_message_at');
	const one = await page.locator('.conv a').first().getAttribute('href');
	await page.goto('/pipelines');
	const board = new URL(page.url()).pathname;
	const scripts = new Set(), styles = new Set();
	for (const url of ['/login', '/conversations?view=all', one, '/contacts', '/leads', board, '/account', chat]) {
		// A context without a cache sees what a newcomer's browser fetches.
		const fresh = await Person.come(`a newcomer on ${label(url)}`, {});
		await fresh.context.addCookies(await who.context.cookies());
		asked = [];
		fresh.page.on('request', r => asked.push(r.url()));
		const res = await fresh.page.goto(url, { waitUntil: 'load' });
		await fresh.page.waitForTimeout(250);
		const files = asked.filter(u => !/\/(files|events)\b/.test(new URL(u).pathname));
		check(`${label(url)}: at most 5 requests`, files.length <= 5, files.join(' '));
		const html = zlib.gzipSync(await res.body(), { level: 4 }).length;
		check(`${label(url)}: HTML ${(html / 1024).toFixed(1)} KB of 30`, html <= 30 * 1024);
		for (const s of await fresh.page.$$eval('script[src]', all => all.map(e => new URL(e.src).pathname))) scripts.add(s);
		for (const s of await fresh.page.$$eval('link[rel=stylesheet]', all => all.map(e => new URL(e.href).pathname))) styles.add(s);
	}
	for (const s of scripts) js += (await get(s)).raw;
	for (const s of styles) css += (await get(s)).gz;
	check(`JS ${js} bytes of 15,000`, js > 0 && js <= 15000);
	check(`CSS ${(css / 1024).toFixed(1)} KB of 20`, css > 0 && css <= 20 * 1024);
}

export async function pages() {
	let list = [], table = [];
	await chapter('crawl', async () => {
		const who = await (await Person.come('who follows every link', {})).sign_in('rosana', null);
		who.expect(/^409 GET/);
		table = await routes_of(who);
		list = await crawl(who.page, ['/conversations?view=all', '/pipelines', '/contacts', '/leads', '/account', '/notifications']);
		check(`links lead to ${list.length} kinds of pages`, list.length >= 15, list.join(' '));
		// A page of the table that a link reached too is looked at once.
		const reached = new Set(list.map(url => shape(new URL(url, base))));
		list.push(...table.filter(url => !reached.has(shape(new URL(url, base)))));
	}, true);
	await Promise.all([
		chapter('pages', () => everywhere(list, 0)),
		(async () => {
			await chapter('other pages', () => everywhere(list, 1));
			await chapter('sight', () => sight(table));
			await chapter('budgets', budgets);
		})(),
		(async () => {
			await chapter('states', states);
			await chapter('viewer', () => looks_of('a viewer', 'vera', table, not_for_viewers));
			await chapter('empty', () => looks_of('an empty company', empty_company(), table.filter(url => !/[0-9a-f]{8}-/.test(url)), []));
		})(),
	]);
}
