// selftest.mjs BIN: tries balcao-live for real, without nginx. Needs PGHOST (a directory with PostgreSQL's socket) and
// PGUSER (a superuser there). Makes a database of its own and removes it. Ends with "passed=N failed=N".
import { spawn, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = path.resolve(process.argv[2] ?? 'build/release/bin');
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const pgdir = process.env.PGHOST ?? '/var/run/postgresql';
const admin = process.env.PGUSER ?? os.userInfo().username;
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'balcao-live-'));
const db = 'balcao_live_test_' + process.pid;
const sock = path.join(dir, 'live.sock');
const sleep = ms => new Promise(r => setTimeout(r, ms));
let passed = 0, failed = 0;

function check(what, ok, detail) {
	if (ok) passed++;
	else {
		failed++;
		console.log(`FAILED: ${what}${detail === undefined ? '' : ': ' + JSON.stringify(detail)}`);
	}
}
async function until(fn, ms = 20000) {
	for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) if (await fn()) return true;
	return fn();
}

// ---- the world ----
const psql = (text, user = admin, base = db) => execFileSync('psql',
	['-h', pgdir, '-U', user, '-d', base, '-qXAt', '-v', 'ON_ERROR_STOP=1', '-c', text], { encoding: 'utf8' }).trim();
const env = { ...process.env, BALCAO_CONF: '', BALCAO_DB: `host=${pgdir} dbname=${db}`, BALCAO_SHARE: root,
	BALCAO_SEAL_KEYS: 'k1:' + '0f'.repeat(32), BALCAO_SOCKETS: dir };
const console_ = (tenant, text) => psql(`BEGIN; SELECT app.console_enter('${tenant}'); ${text}; COMMIT`, 'balcao_console');
const emit = (tenant, kind, conversation = null, user = null, data = null) => console_(tenant,
	`SELECT app.emit('${kind}', 'message', coalesce((SELECT m.id FROM message m WHERE ${conversation ? `m.conversation_id = '${conversation}'` : 'false'}
	  AND NOT m.internal LIMIT 1), gen_random_uuid()), ${conversation ? `'${conversation}'` : 'NULL'}, ${user ? `'${user}'` : 'NULL'}, ${data ? `'${JSON.stringify(data)}'` : 'NULL'})`);
function session(email) {
	const token = randomBytes(32).toString('base64url');
	psql(`INSERT INTO priv.session (tenant_id, user_id, kind, token_hash, idle, expires_at)
		SELECT tenant_id, user_id, 'cookie', sha256('${token}'::bytea), '1 day', now() + interval '1 day' FROM priv.credential WHERE email = '${email}'`);
	return token;
}
const conversation = (tenant, name) => console_(tenant, `SELECT 'ID' || id FROM conversation WHERE contact_name = '${name}' LIMIT 1`).match(/ID(.*)/)[1];

// A way to the database that can be cut.
class Bridge {
	constructor() { this.dir = path.join(dir, 'pg'); fs.mkdirSync(this.dir); this.open = new Set(); }
	up() {
		const file = path.join(this.dir, '.s.PGSQL.5432');
		fs.rmSync(file, { force: true });
		this.server = net.createServer(c => {
			const s = net.connect(path.join(pgdir, '.s.PGSQL.5432'));
			for (const [a, b] of [[c, s], [s, c]]) { a.pipe(b); a.on('error', () => b.destroy()); a.on('close', () => { b.destroy(); this.open.delete(a); }); this.open.add(a); }
		});
		return new Promise(r => this.server.listen(file, r));
	}
	down() { this.server.close(); for (const s of this.open) s.destroy(); }
}

// Events wait for the oldest writing transaction of the whole cluster, that of a neighbour's database too: so do we.
const busy = () => psql(`SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname <> current_database() AND xact_start < now() - interval '1 second'`) !== '0';
const quiet = () => until(() => !busy(), 300000);

let live;
async function start(base = pgdir) {
	live = spawn(path.join(bin, 'balcao-live'), ['--socket', sock], { env: { ...env, BALCAO_DB: `host=${base} dbname=${db}` }, stdio: ['ignore', 'ignore', 'pipe'] });
	live.log = '';
	live.stderr.on('data', d => { live.log += d; });
	live.gone = new Promise(r => live.on('exit', (code, signal) => { live.ended = true; r({ code, signal }); }));
	if (!await until(async () => (await get('/health').catch(() => ({}))).status === 200)) throw new Error('live does not start: ' + live.log);
}
async function stop() {
	const t = Date.now();
	live.kill('SIGTERM');
	const end = await live.gone;
	return { ...end, ms: Date.now() - t };
}

// ---- clients ----
function get(url, headers = {}, method = 'GET') {
	return new Promise((ok, bad) => {
		const rq = http.request({ socketPath: sock, path: url, method, headers: { Host: 'balcao.test', ...headers }, agent: false }, rs => {
			let body = '';
			rs.on('data', d => { body += d; });
			rs.on('end', () => ok({ status: rs.statusCode, headers: rs.headers, body }));
		});
		rq.on('error', bad);
		rq.setTimeout(20000, () => rq.destroy(new Error('timeout')));
		rq.end();
	});
}
const cookie = token => ({ Cookie: `theme=dark; balcao=${token}` });

// An EventSource by the specification's rules.
class Stream {
	constructor(url, headers) {
		Object.assign(this, { events: [], id: '', closed: false, comments: 0 });
		this.opened = new Promise((ok, bad) => {
			this.rq = http.request({ socketPath: sock, path: url, headers: { Host: 'balcao.test', Accept: 'text/event-stream', ...headers }, agent: false }, rs => {
				this.status = rs.statusCode;
				this.type = rs.headers['content-type'];
				this.rs = rs;
				let rest = '';
				rs.setEncoding('utf8');
				rs.on('data', d => {
					rest += d;
					for (let i; (i = rest.indexOf('\n\n')) >= 0; rest = rest.slice(i + 2)) this.block(rest.slice(0, i));
				});
				rs.on('end', () => { this.closed = 'end'; });
				rs.on('error', () => { this.closed = 'error'; });
				ok(this);
			});
			this.rq.on('error', e => { this.closed = 'error'; bad(e); });
			this.rq.end();
		});
		this.opened.catch(() => {});
	}
	block(text) {
		const data = [];
		let kind = 'message';
		for (const line of text.split('\n')) {
			const i = line.indexOf(':'), name = i < 0 ? line : line.slice(0, i), value = line.slice(i + 1).replace(/^ /, '');
			if (name === '') this.comments++;
			else if (name === 'data') data.push(value);
			else if (name === 'event') kind = value;
			else if (name === 'id') this.id = value;
			else if (name === 'retry') this.retry = value;
		}
		if (data.length) this.events.push({ event: kind, id: this.id, ...JSON.parse(data.join('\n')) });
	}
	kinds() { return this.events.map(e => e.event === 'message' ? e.kind : e.event); }
	has(kind, n = 1) { return until(() => this.kinds().filter(k => k === kind).length >= n); }
	close() { this.rq.destroy(); }
}
const stream = async (token, url = '/events', headers = {}) => new Stream(url, { ...cookie(token), ...headers }).opened;

// A WebSocket client of RFC 6455, as much as is needed.
class Socket {
	constructor(url, headers) {
		Object.assign(this, { frames: [], pings: 0, closed: false, code: 0 });
		this.opened = new Promise((ok, bad) => {
			const rq = http.request({ socketPath: sock, path: url, agent: false, headers: { Host: 'balcao.test', Connection: 'Upgrade', Upgrade: 'websocket',
				'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': randomBytes(16).toString('base64'), ...headers } });
			rq.on('upgrade', (rs, s, head) => { this.s = s; this.status = 101; s.on('data', d => this.data(d)); s.on('close', () => { this.closed = true; }); s.on('error', () => {}); if (head.length) this.data(head); ok(this); });
			rq.on('response', rs => { this.status = rs.statusCode; rs.resume(); ok(this); });
			rq.on('error', bad);
			rq.end();
		});
	}
	data(d) {
		this.rest = this.rest ? Buffer.concat([this.rest, d]) : d;
		while (this.rest.length >= 2) {
			let n = this.rest[1] & 127, at = 2;
			if (n === 126) { if (this.rest.length < 4) return; n = this.rest.readUInt16BE(2); at = 4; }
			if (this.rest.length < at + n) return;
			const op = this.rest[0] & 15, body = this.rest.subarray(at, at + n);
			if (op === 1) this.frames.push(JSON.parse(body));
			if (op === 8) { this.code = n >= 2 ? body.readUInt16BE(0) : 1005; this.send(body, 8); }
			if (op === 9) { this.pings++; this.send(body, 10); }
			this.rest = this.rest.subarray(at + n);
		}
	}
	send(data, op = 1, fin = true) {
		const body = Buffer.from(data), mask = randomBytes(4);
		const head = body.length < 126 ? Buffer.from([(fin ? 128 : 0) | op, 128 | body.length]) : Buffer.from([(fin ? 128 : 0) | op, 254, body.length >> 8, body.length & 255]);
		this.s.write(Buffer.concat([head, mask, Buffer.from(body.map((b, i) => b ^ mask[i % 4]))]));
	}
	has(event, n = 1) { return until(() => this.frames.filter(f => f.event === event).length >= n); }
	close() { this.s?.destroy(); }
}

// ---- the tests ----
async function refusals(luana) {
	check('health', (await get('/health')).body === 'ok');
	check('no session: 401', (await get('/events')).status === 401);
	check('a wrong token: 401', (await get('/events', cookie('a'.repeat(43)))).status === 401);
	check('no token at all: 401', (await get('/events', cookie('short'))).status === 401);
	check('foreign origin: 403', (await get('/events', { ...cookie(luana), Origin: 'https://evil.test' })).status === 403);
	check('origin null: 403', (await get('/events', { ...cookie(luana), Origin: 'null' })).status === 403);
	check('origin with our host inside: 403', (await get('/events', { ...cookie(luana), Origin: 'https://balcao.test.evil.test' })).status === 403);
	check('unknown path: 404', (await get('/x', cookie(luana))).status === 404);
	check('POST: 405', (await get('/events', cookie(luana), 'POST')).status === 405);
	check('on https the plain cookie does not count: 401', (await get('/events', { ...cookie(luana), 'X-Forwarded-Proto': 'https' })).status === 401);
	for (const [what, status, url, headers] of [['no session', 401, '/ws', {}], ['foreign origin', 403, '/ws', { ...cookie(luana), Origin: 'http://evil.test' }], ['unknown path', 404, '/events', cookie(luana)]])
		check(`WebSocket, ${what}: ${status}`, (await new Socket(url, headers).opened).status === status);
	const h2c = await get('/ws', { ...cookie(luana), Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' }).catch(() => ({ status: 0 }));
	check('h2c is not spoken: 400', h2c.status === 400, h2c.status);
	const secure = await new Stream('/events', { Cookie: `__Host-balcao=${luana}`, 'X-Forwarded-Proto': 'https', Origin: 'https://balcao.test' }).opened;
	check('__Host- cookie on https', secure.status === 200 && secure.type === 'text/event-stream');
	secure.close();
	const bearer = await new Stream('/events', { Authorization: `Bearer ${luana}` }).opened;
	check('bearer', bearer.status === 200);
	bearer.close();
}

async function permitted(rosana, luana) {
	const mirela = session('mirela@clinica.test');
	const hers = conversation('marcenaria', 'Patrícia Albuquerque Vasconcelos'), davis = conversation('marcenaria', 'Otávio Bittencourt');
	console_('marcenaria', `INSERT INTO team (name) VALUES ('Diretoria'); UPDATE conversation SET team_id = (SELECT id FROM team WHERE name = 'Diretoria') WHERE id = '${davis}'`);
	const rid = console_('marcenaria', `SELECT 'ID' || id FROM user_account WHERE email = 'rosana@marcenaria.test'`).match(/ID(.*)/)[1];
	const [r, l, m] = await Promise.all([stream(rosana), stream(luana), stream(mirela)]);
	const w = await new Socket('/ws', cookie(luana)).opened;
	emit('marcenaria', 'message:created', hers, null, { direction: 'in' });
	check('an event arrives', await l.has('message:created'));
	emit('marcenaria', 'message:updated', davis, null, { status: 'read' });
	emit('marcenaria', 'notification:new', null, rid);
	emit('marcenaria', 'typing', hers, null, { name: 'Davi' });
	emit('clinica', 'deal:moved', null, null);
	check('the end of it arrives', await l.has('typing') && await r.has('typing') && await m.has('deal:moved') && await w.has('typing'));
	check('all: sees everything of the tenant', r.kinds().join() === 'message:created,message:updated,notification:new,typing', r.kinds());
	check('team: not the other team\'s, not another\'s notices', l.kinds().join() === 'message:created,typing', l.kinds());
	check('another tenant: only its own', m.kinds().join() === 'deal:moved', m.kinds());
	const e = l.events[0], f = w.frames.find(x => x.event === 'message:created');
	check('what an event says', e.conversation_id === hers && /^[0-9a-f-]{36}$/.test(e.subject_id) && e.data.direction === 'in' && !isNaN(Date.parse(e.at)), e);
	check('WebSocket: the same with its name', f?.event === 'message:created' && f.id === e.id && f.conversation_id === hers && w.frames[0].event === 'ready', w.frames);
	for (const x of [r, l, m, w]) x.close();
}

// Who else looks at a conversation: told to those who look and may see it, and to nobody else.
async function looking(rosana) {
	const luana = session('luana@marcenaria.test'), mirela = session('mirela@clinica.test');
	const shown = conversation('marcenaria', 'Patrícia Albuquerque Vasconcelos'), hidden = conversation('marcenaria', 'Otávio Bittencourt');
	const names = x => (x.events ?? x.frames).filter(e => e.kind === 'looking').map(e => e.data.names.join('+')).join(' ');
	console_('marcenaria', `INSERT INTO team (name) VALUES ('Reservada'); UPDATE conversation SET team_id = (SELECT id FROM team WHERE name = 'Reservada') WHERE id = '${hidden}'`);
	const url = id => '/events?conversation=' + id;
	const r = await stream(rosana, url(shown)), m = await stream(mirela, url(shown)), elsewhere = await stream(session('davi@marcenaria.test'));
	await sleep(500);
	check('alone: nothing is told', r.events.length === 0, r.events);
	const l = await new Socket('/ws?conversation=' + shown, cookie(luana)).opened;
	check('both are told of each other', await until(() => names(r) === 'Luana Figueiredo' && names(l) === 'Rosana Queiroz'), [names(r), names(l)]);
	const w = l.frames.find(f => f.event === 'looking');
	check('what is told', w.kind === 'looking' && w.conversation_id === shown && !('actor_id' in w), w);
	const tab = await stream(luana, url(shown));
	check('a second tab is told', await until(() => names(tab) === 'Rosana Queiroz'), names(tab));
	const h = await stream(rosana, url(hidden)), lh = await stream(luana, url(hidden));
	tab.close();
	await sleep(2600);
	check('a second tab of the same person is no news', names(r) === 'Luana Figueiredo', names(r));
	check('who may not see it neither hears nor is named', names(h) === '' && names(lh) === '', [names(h), names(lh)]);
	check('another tenant\'s neither', m.events.length === 0, m.events);
	check('who looks elsewhere hears nothing', elsewhere.events.length === 0, elsewhere.events);
	for (const bad of ['x', '', "' OR true", '../', 'A'.repeat(36)]) {
		const s = await stream(luana, '/events?conversation=' + encodeURIComponent(bad));
		check(`conversation=${bad}: a stream like any other`, s.status === 200);
		s.close();
	}
	l.close();
	check('who leaves is taken off after a while', await until(() => names(r) === 'Luana Figueiredo '), names(r));
	const again = await stream(luana, url(shown));
	await until(() => names(r).endsWith('Luana Figueiredo'));
	console_('marcenaria', `UPDATE conversation SET team_id = (SELECT id FROM team WHERE name = 'Reservada'), assignee_id = NULL, assignee_name = NULL WHERE id = '${shown}'`);
	const before = names(again), d = await stream(session('davi@marcenaria.test'), url(shown));
	await sleep(1000);
	check('who lost the right hears no more', names(again) === before, names(again));
	check('and is named no more', await until(() => !names(r).split(' ').pop().includes('Luana')) && !names(d).includes('Luana'), [names(r), names(d)]);
	for (const s of [r, m, elsewhere, h, lh, again, d]) s.close();
}

async function resume(rosana) {
	const s = await stream(rosana);
	await until(() => s.id !== '');
	emit('marcenaria', 'tag:a');
	await s.has('tag:a');
	s.close();
	for (const k of ['tag:b', 'tag:c']) emit('marcenaria', k);
	const again = await stream(rosana, '/events', { 'Last-Event-ID': s.id });
	check('Last-Event-ID', await again.has('tag:c') && again.kinds().join() === 'tag:b,tag:c', again.kinds());
	again.close();
	const arg = await stream(rosana, '/events?after=' + s.id);
	check('?after=', await arg.has('tag:c') && arg.kinds().join() === 'tag:b,tag:c', arg.kinds());
	arg.close();
	const w = await new Socket('/ws', cookie(rosana)).opened;
	await w.has('ready');
	w.send(JSON.stringify({ after: s.id }));
	check('WebSocket: {"after"}', await w.has('tag:c') && w.frames.map(f => f.event).join() === 'ready,tag:b,tag:c', w.frames);
	w.send(JSON.stringify({ ping: 1 }));
	check('WebSocket: ping', await w.has('pong'));
	w.send('{"typing": "x"}'); w.send('not json'); w.send('[1,{"after":"1-1"}]');
	w.send('{"pi', 1, false); w.send('ng":2}', 0);
	check('WebSocket: fragments, and the rest is ignored', await w.has('pong', 2) && !w.closed && w.frames.length === 5, w.frames);
	w.send('x'.repeat(5000));
	check('WebSocket: too big closes it', await until(() => w.closed) && w.code === 1009, w.code);
	for (const id of ['nonsense', '1', '-', '01-2', '99999999999999999-0', '1-2-3', 'x'.repeat(500)]) {
		const bad = await stream(rosana, '/events', { 'Last-Event-ID': id });
		check(`id ${id.slice(0, 20)}: reset`, await bad.has('reset') && bad.events[0].id !== id);
		bad.close();
	}
	const old = await stream(rosana, '/events?after=' + s.id);
	await old.has('tag:c');
	old.close();
	psql(`DELETE FROM event e USING tenant t WHERE t.tenant_id = e.tenant_id AND t.slug = 'marcenaria' AND e.kind = 'tag:b'`);
	const gone = await stream(rosana, '/events?after=' + s.id), fresh = await stream(rosana, '/events?after=' + old.id);
	check('purged meanwhile: reset', await gone.has('reset') && gone.kinds().join() === 'reset', gone.kinds());
	emit('marcenaria', 'tag:d');
	check('after a reset it goes on', await gone.has('tag:d'));
	check('a cursor behind the purge resumes', await fresh.has('tag:d') && fresh.kinds().join() === 'tag:d', fresh.kinds());
	gone.close(); fresh.close();
}

async function order(rosana) {
	const s = await stream(rosana), first = spawn('psql', ['-h', pgdir, '-U', 'balcao_console', '-d', db, '-qXAt'], { stdio: ['pipe', 'ignore', 'inherit'] });
	first.stdin.write(`BEGIN; SELECT app.console_enter('marcenaria'); SELECT app.emit('slow:one', 'x', gen_random_uuid(), NULL, NULL, NULL);\n`);
	check('a transaction is open', await until(() => psql(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'balcao_console' AND state = 'idle in transaction' AND backend_xid IS NOT NULL`) === '1'));
	emit('marcenaria', 'fast:two');
	await sleep(700);
	const early = s.kinds().join();
	first.stdin.end('COMMIT;\n');
	check('commit order: a slow transaction is not passed by', await s.has('fast:two') && await s.has('slow:one') && s.kinds().join() === 'slow:one,fast:two' && early === '', [early, s.kinds()]);
	s.close();
}

async function visitors() {
	const value = randomBytes(32).toString('base64url'), digest = createHash('sha256').update(value).digest('hex');
	const chat = { Cookie: `balcao_visitor=${value}` }, url = '/events?chat=chat-marcenaria-demo';
	check('chat without a cookie: 401', (await get(url)).status === 401);
	check('unknown chat: 404', (await get('/events?chat=nothing-here', chat)).status === 404);
	check('a session is no visitor: 401', (await get(url, cookie(session('luana@marcenaria.test')))).status === 401);
	const s = await new Stream(url, chat).opened, other = await new Stream(url, { Cookie: `balcao_visitor=${'b'.repeat(43)}` }).opened;
	psql(`SELECT app.chat_say('chat-marcenaria-demo', '${digest}', 'Visita', NULL, 'oi', 't1')`, 'balcao_ingest');
	check('a visitor\'s own message', await s.has('message:created'));
	const conv = conversation('marcenaria', 'Visita');
	console_('marcenaria', `SELECT app.message_out('${conv}', 'nota', true, NULL, NULL, 'text', NULL)`);
	console_('marcenaria', `SELECT app.activity('${conv}', 'taken', NULL)`);
	emit('marcenaria', 'conversation:updated', conv, null, { assignee_id: 'x' });
	emit('marcenaria', 'message:updated', conversation('marcenaria', 'Cíntia Rabelo'), null, { status: 'read' });
	emit('marcenaria', 'typing', conv, null, { name: 'Luana' });
	emit('marcenaria', 'typing', conv, null, { name: 'Luana', internal: true });
	console_('marcenaria', `SELECT app.message_out('${conv}', 'resposta', false, NULL, NULL, 'text', NULL)`);
	check('the team\'s answer', await s.has('message:created', 2));
	check('nothing internal, nothing of others', s.kinds().join() === 'message:created,typing,message:created', s.kinds());
	check('only ids and states', s.events.every(e => !('actor_id' in e) && Object.keys(e.data).every(k => ['direction', 'status', 'edited', 'deleted'].includes(k))), s.events);
	check('another visitor sees nothing', other.events.length === 0, other.events);
	console_('marcenaria', `UPDATE connection SET status = 'disconnected' WHERE public_key = 'chat-marcenaria-demo'`);
	check('a chat that is shut ends its streams', await until(() => s.closed && other.closed));
	console_('marcenaria', `UPDATE connection SET status = 'connected' WHERE public_key = 'chat-marcenaria-demo'`);
}

async function limits() {
	const davi = session('davi@marcenaria.test'), all = [];
	for (let i = 0; i < 10; i++) all.push(await stream(davi));
	check('ten streams of one session', all.every(s => s.status === 200));
	check('the eleventh: 429', (await get('/events', cookie(davi))).status === 429);
	const w = await new Socket('/ws', cookie(session('davi@marcenaria.test'))).opened;
	psql(`UPDATE priv.session SET revoked_at = now() WHERE token_hash = sha256('${davi}'::bytea)`);
	check('an ended session closes all its streams', await until(() => all.every(s => s.closed === 'end')));
	check('and is not let in again', (await get('/events', cookie(davi))).status === 401);
	check('another session of the same person stays', !w.closed);
	const status = to => psql(`DO $$ BEGIN PERFORM app.console_enter('marcenaria'); UPDATE tenant SET status = '${to}' WHERE slug = 'marcenaria'; END $$`);
	status('suspended');
	check('a suspended tenant closes its streams', await until(() => w.closed) && w.code === 1008, w.code);
	status('active');
	const again = session('davi@marcenaria.test'), cpu = spent();
	for (let i = 0; i < 30; i++) {
		const s = await stream(again);
		check('a page left is forgotten at once', s.status === 200);
		s.close();
		await sleep(30);
	}
	await sleep(1000);
	check('quiet is cheap', spent() - cpu < 20, spent() - cpu);
}

// AddressSanitizer keeps what was freed.
const sanitized = () => Number(fs.readFileSync(`/proc/${live.pid}/status`, 'utf8').match(/VmSize:\s+(\d+)/)[1]) > 1e9;
// Hundredths of a second of CPU.
const spent = () => fs.readFileSync(`/proc/${live.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((a, b) => a + Number(b), 0);
const memory = () => Number(fs.readFileSync(`/proc/${live.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);

async function slow(rosana) {
	const raw = net.connect(sock), reader = await stream(rosana);
	raw.write(`GET /events HTTP/1.1\r\nHost: x\r\nCookie: balcao=${rosana}\r\n\r\n`);
	raw.on('error', () => {});
	raw.pause();
	await sleep(300);
	const before = memory();
	console_('marcenaria', `SELECT app.emit('flood:x', 'x', gen_random_uuid(), NULL, NULL, NULL) FROM generate_series(1, 20000)`);
	check('20,000 events reach who reads', await until(() => reader.events.length >= 20000, 60000), reader.events.length);
	check('each once, in order', new Set(reader.events.map(e => e.id)).size === 20000 && reader.events.every((e, i, a) => i === 0 || Number(e.id.split('-')[1]) > Number(a[i - 1].id.split('-')[1])));
	check('little memory for who does not read', sanitized() || memory() - before < 16000, memory() - before);
	check('who does not read is dropped', await until(() => live.log.includes('client.slow')));
	let end = false;
	raw.on('close', () => { end = true; });
	raw.resume();
	check('really', await until(() => end));
	check('the reader stays', !reader.closed);
	reader.close();
}

async function away(rosana) {
	await stop();
	const bridge = new Bridge();
	await bridge.up();
	await start(bridge.dir);
	const s = await stream(rosana), w = await new Socket('/ws', cookie(rosana)).opened;
	emit('marcenaria', 'before:away');
	check('through the bridge', await s.has('before:away') && await w.has('before:away'));
	bridge.down();
	emit('marcenaria', 'while:away');
	await sleep(1500);
	check('new streams while the database is away: 503', await until(async () => (await get('/events', cookie(rosana)).catch(() => ({}))).status === 503));
	check('health tells', await until(async () => (await get('/health')).status === 503));
	check('streams stay', !s.closed && !w.closed);
	psql('DELETE FROM priv.event_feed');
	await bridge.up();
	check('nothing is lost', await until(() => s.kinds().includes('while:away') && w.frames.some(f => f.event === 'while:away')));
	check('nothing twice', s.kinds().join() === 'before:away,while:away', s.kinds());
	check('health again', await until(async () => (await get('/health')).status === 200));
	const end = await stop();
	check('SIGTERM: ends at once', end.code === 0 && end.ms < 5000, end);
	check('streams end cleanly', await until(() => s.closed) && s.closed === 'end' && w.code === 1012, [s.closed, w.code]);
	emit('marcenaria', 'while:stopped');
	bridge.down();
	live = spawn(path.join(bin, 'balcao-live'), ['--socket', sock], { env: { ...env, BALCAO_DB: `host=${bridge.dir} dbname=${db}` }, stdio: ['ignore', 'ignore', 'pipe'] });
	live.gone = new Promise(r => live.on('exit', code => r({ code })));
	check('starts while the database is away', await until(async () => (await get('/health').catch(() => ({}))).status === 503));
	await stop();
	await start();
	const again = await stream(rosana, '/events', { 'Last-Event-ID': s.id });
	check('resumes after a restart', await again.has('while:stopped') && again.kinds().join() === 'while:stopped', again.kinds());
	again.close();
}

async function kill(rosana) {
	let last = '';
	const seen = [];
	for (let i = 0; i < 5; i++) {
		const s = await stream(rosana, '/events', last ? { 'Last-Event-ID': last } : {});
		await until(() => s.id !== '');
		emit('marcenaria', `kill:${i}`);
		if (i % 2) await s.has(`kill:${i}`);
		live.kill('SIGKILL');
		await live.gone;
		await until(() => s.closed);
		seen.push(...s.kinds());
		last = s.id;
		await start();
	}
	const s = await stream(rosana, '/events', { 'Last-Event-ID': last });
	await until(() => seen.length + s.events.length >= 5);
	check('killed at any moment: each event once', [...seen, ...s.kinds()].join() === 'kill:0,kill:1,kill:2,kill:3,kill:4', [...seen, ...s.kinds()]);
	s.close();
}

async function many() {
	const tokens = Array.from({ length: 60 }, () => session('davi@marcenaria.test')), all = [], before = memory();
	for (const t of tokens) all.push(...await Promise.all(Array.from({ length: 10 }, () => stream(t))));
	check('600 streams', all.every(s => s.status === 200));
	const each = (memory() - before) / all.length;
	console.log(`memory per stream: ${each.toFixed(1)} KiB`);
	const t = Date.now();
	emit('marcenaria', 'many:x');
	check('600 streams get the event', await until(() => all.every(s => s.events.length === 1)));
	console.log(`one event to 600 streams of 60 sessions: ${Date.now() - t} ms`);
	for (const s of all) s.close();
	check('all are forgotten', await until(async () => (await get('/health')).status === 200));
}

async function main() {
	psql(`CREATE DATABASE ${db}`, admin, 'postgres');
	execFileSync('psql', ['-h', pgdir, '-U', admin, '-d', db, '-qX', '-f', path.join(root, 'sql/roles.sql')], { stdio: 'ignore' });
	execFileSync(path.join(bin, 'balcao-migrate'), { env });
	execFileSync(path.join(bin, 'balcao-console'), ['demo'], { env });
	await start();
	const rosana = session('rosana@marcenaria.test'), luana = session('luana@marcenaria.test');
	for (const test of [refusals, permitted, looking, resume, order, visitors, limits, slow, away, kill, many].filter(f => !process.argv[3] || process.argv[3].split(',').includes(f.name))) {
		await quiet();
		const t = Date.now();
		try {
			await (test === permitted ? test(rosana, luana) : test === refusals ? test(luana) : test(rosana));
		} catch (e) {
			check(test.name, false, String(e.stack ?? e));
		}
		console.log(`${test.name}: ${Date.now() - t} ms`);
		check(`${test.name}: live still runs`, !live.ended);
	}
	await stop();
	check('nothing to complain about', !/Sanitizer|runtime error|level=error/.test(live.log), live.log.slice(-2000));
}

try {
	await main();
} catch (e) {
	check('the world', false, String(e.stack ?? e));
}
live?.kill('SIGKILL');
try { psql(`DROP DATABASE IF EXISTS ${db} WITH (FORCE)`, admin, 'postgres'); } catch { /* it says so itself */ }
fs.rmSync(dir, { recursive: true, force: true });
console.log(`passed=${passed} failed=${failed}`);
process.exit(failed ? 1 : 0);
