// kit.mjs: what the browser checks share: one Chromium, people in it, and everything a page may not do, noted down.
import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

// The packages stand below build/, not beside these files.
const require = createRequire(path.join(process.env.BALCAO_NPM ?? process.cwd(), 'x.js'));
const { chromium } = require('playwright-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const base = `http://localhost:${process.env.BALCAO_HTTP_PORT ?? 8080}`;
export const dir = process.env.BALCAO_DIR ?? 'build/run';
export const chat = '/chat/chat-marcenaria-demo';
export const big = { width: 1440, height: 900 }, small = { width: 390, height: 844 };
export const sleep = ms => new Promise(done => setTimeout(done, ms));
const port = Number(process.env.BALCAO_HTTP_PORT ?? 8080), stub = port < 50000 ? port + 10000 : port - 10000;
const shots = process.env.SHOTS && path.resolve(process.env.SHOTS_DIR ?? 'build/shots');
const counts = { passed: 0, failed: 0 };
let browser;

export async function open() {
	if (shots) fs.mkdirSync(shots, { recursive: true });
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync'],
	});
}

export async function close() {
	await browser?.close();
	console.log(`passed=${counts.passed} failed=${counts.failed}`);
	process.exitCode = counts.failed || !counts.passed ? 1 : 0;
}

export function check(what, ok, detail) {
	counts[ok ? 'passed' : 'failed']++;
	console.log(ok ? `ok     ${what}` : `FAILED ${what}${detail === undefined ? '' : ': ' + String(detail).slice(0, 900)}`);
	return ok;
}

// A chapter that throws is one failure; the next one goes on. Several may run at once. Needed: also when another one is asked for.
export async function chapter(name, run, needed) {
	if (!needed && !name.includes(process.argv[3] ?? '')) return;
	const begun = Date.now(), here = [];
	try { await people.run(here, run); } catch (e) { check(`${name} runs to its end`, false, e.stack); }
	for (const who of here) await who.leave(name);
	if (process.env.TIMES) console.log(`       ${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

// True as soon as probe() is; false after ms.
export async function until(probe, ms = 20000) {
	for (const end = Date.now() + ms; ; await sleep(40)) {
		try { if (await probe()) return true; } catch (e) { if (!/context was destroyed|navigat/i.test(e.message)) throw e; }
		if (Date.now() > end) return false;
	}
}

export async function control(order) {
	const res = await fetch(`http://127.0.0.1:${stub}/control`, { method: 'POST', body: JSON.stringify(order) });
	if (!res.ok) throw new Error(`/control: ${res.status} ${await res.text()}`);
	return res.json();
}

// Who came in this chapter.
const people = new AsyncLocalStorage();
let number = Date.now() % 1e7;
// A mobile number of Belo Horizonte that nobody has used yet.
export const fresh_number = () => '55319' + String(80000000 + number++ % 1e7);

export class Person {
	// options: script (default true), size, dark, lang
	static async come(name, options = {}) {
		const who = new Person();
		who.name = name;
		who.options = { script: true, size: big, ...options };
		who.bad = [];
		who.expected = [];
		who.context = await browser.newContext({
			viewport: who.options.size, javaScriptEnabled: who.options.script, locale: who.options.lang ?? 'pt-BR',
			colorScheme: who.options.dark ? 'dark' : 'light', baseURL: base, reducedMotion: 'reduce',
		});
		who.context.setDefaultTimeout(40000);
		people.getStore().push(who);
		who.page = await who.tab();
		return who;
	}

	async tab() {
		const page = await this.context.newPage();
		const note = text => { if (!this.expected.some(e => e.test(text))) this.bad.push(text); };
		page.on('console', m => {
			// The answer itself is judged below, with its address.
			if (/^Failed to load resource: the server responded/.test(m.text())) return;
			if (['error', 'warning'].includes(m.type())) note(`console ${m.type()}: ${m.text()}`);
		});
		page.on('pageerror', e => note(`page error: ${e.message}`));
		page.on('response', r => { if (r.status() >= 400) note(`${r.status()} ${r.request().method()} ${r.url()}`); });
		page.on('dialog', d => { note(`dialog: ${d.message()}`); d.dismiss().catch(() => {}); });
		const cdp = await this.context.newCDPSession(page);
		cdp.on('Audits.issueAdded', ({ issue }) => {
			if (issue.code === 'ContentSecurityPolicyIssue') note('CSP: ' + JSON.stringify(issue.details.contentSecurityPolicyIssueDetails));
		});
		await cdp.send('Audits.enable');
		return page;
	}

	// Answers and messages that belong to what is tried now.
	expect(...patterns) { this.expected.push(...patterns); }

	async sign_in(user, next = '/conversations?view=all') {
		await this.page.goto('/login');
		await this.page.fill('[name=email]', user.includes('@') ? user : `${user}@marcenaria.test`);
		await this.page.fill('[name=password]', 'balcao-demo');
		await this.page.click('main button.pri');
		await this.page.waitForURL(u => u.pathname !== '/login');
		if (next) await this.page.goto(next);
		return this;
	}

	text(sel) { return this.page.locator(sel).first().innerText(); }
	has(sel) { return this.page.locator(sel).count().then(n => n > 0); }

	// Fills the composer and sends; without script the page comes anew.
	async write(text) {
		await this.page.fill('#composer textarea', text);
		await this.page.click('#composer [data-send]');
	}

	async shot(name) {
		if (shots) await this.page.screenshot({ path: path.join(shots, `${name}.png`) });
	}

	async leave(where) {
		check(`${where}: ${this.name}: no console error, no CSP report, no failed request`, !this.bad.length, [...new Set(this.bad)].join(' | '));
		await this.context.close();
		await this.copies?.context().close();
	}

	// Axe does not run where scripts are off: the same page in a context that has scripts, but not ours.
	async copy() {
		const { page, options } = this;
		this.copies ??= await (await browser.newContext({
			viewport: options.size, colorScheme: options.dark ? 'dark' : 'light', baseURL: base, reducedMotion: 'reduce',
		})).newPage();
		const html = await page.content(), open = await page.$$eval(':popover-open', all => all.map(e => e.id));
		await this.copies.unrouteAll();
		await this.copies.route('**/*', route => {
			const kind = route.request().resourceType();
			if (kind === 'document') return route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' });
			return kind === 'stylesheet' || /icons\.svg/.test(route.request().url()) ? route.continue() : route.fulfill({ body: '' });
		});
		await this.copies.goto(page.url());
		await this.copies.evaluate(ids => { for (const id of ids) document.getElementById(id).showPopover(); }, open);
		return this.copies;
	}
}

// Everything axe knows of WCAG 2.2 A and AA, and its best practice; only: the names of some rules.
// Inside: a selector, when only that part is new.
export async function axe_faults(page, only, inside) {
	if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
	const run = only ? { type: 'rule', values: only } :
		{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
	return page.evaluate(async ([runOnly, part]) => (await globalThis.axe.run(part ?? document,
		{ runOnly, resultTypes: ['violations'], elementRef: false })).violations
		.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join('; ')} (${v.nodes.length})`), [run, inside]);
}

// How far the page can be scrolled sideways, and what sticks out.
export const sideways = page => page.evaluate(() => {
	const root = document.scrollingElement, over = root.scrollWidth - root.clientWidth;
	if (over <= 0) return '';
	const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 4);
	return `${over} px: ${wide.map(e => `${e.parentElement.className} > ${e.tagName}.${e.className} "${e.textContent.slice(0, 20)}"`).join(', ')}`;
});

// What a state may not have, in the size and the colours its person has: faults of axe, sideways scroll. Takes a picture.
export async function judge(who, what) {
	const page = who.options.script ? who.page : await who.copy();
	const faults = [...await axe_faults(page), await sideways(page)].filter(Boolean);
	await who.shot(what.replace(/\W+/g, '-'));
	return check(`${what}: nothing for axe, nothing beside the page`, !faults.length, faults.join(' || '));
}

/* ---- conversations ---- */

export const stamp = () => Math.random().toString(36).slice(2, 8);
export const row = text => `.conv:has-text("${text}")`;
export const shown = (who, text, ms) => until(() => who.has(`#thread .msg:has-text("${text}")`), ms);
export const flashed = who => who.page.locator('#flash .flash').waitFor().then(() => who.text('#flash'));

export async function visitor(name, options, door = chat) {
	const who = await Person.come('the visitor', options);
	await who.page.goto(door);
	await who.page.fill('#f-name', name);
	return who;
}

export async function open_row(who, text) {
	await who.page.locator(`${row(text)} a`).first().click();
	await who.page.waitForSelector('#composer');
}

// Without script there is nothing that follows by itself: the page is asked for again.
export const look = async (who, probe, ms = 20000) => until(async () => {
	if (!who.options.script) await who.page.reload();
	return probe();
}, ms);
