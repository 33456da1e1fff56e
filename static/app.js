// Enhances pages that work without it: live regions, sending in place, keys. Nothing here is the only way.
const $ = (sel, root = document) => root.querySelector(sel)
const all = (sel, root = document) => [...root.querySelectorAll(sel)]
const texts = $('#texts')?.dataset ?? {}, page = document.body.dataset
// What this tab, or this browser ('local'), remembers; some forbid it.
const memory = kind => { try { return window[kind + 'Storage'] } catch { return {} } }
const on = (type, hear, capture) => document.addEventListener(type, hear, capture)
const make = (tag, props, ...inside) => {
	const el = Object.assign(document.createElement(tag), props)
	el.append(...inside)
	return el
}
const post = (url, body, headers, method = 'POST') => fetch(url, { method, body, headers, redirect: 'manual' })
const typed = el => el?.matches('textarea, select, input:not([type=checkbox], [type=radio])')
const focused = () => document.activeElement
const menu = () => $(':popover-open')

/* ---- regions: every [data-live][id] follows the one of the same id in a newer page ---- */

// Nodes that are still there stay: scroll, focus, playing audio and announcements survive.
function patch(old, fresh) {
	if (old.nodeType === 3) return old.data = fresh.data
	for (const a of [...old.attributes]) if (!fresh.hasAttribute(a.name)) old.removeAttribute(a.name)
	for (const a of fresh.attributes) if (old.getAttribute(a.name) !== a.value) old.setAttribute(a.name, a.value)
	const kept = new Set([...fresh.children].map(c => c.id))
	let at = old.firstChild
	const drop = () => { const gone = at; at = at.nextSibling; gone.remove() }
	for (const node of [...fresh.childNodes]) {
		while (at?.id && !kept.has(at.id)) drop()
		if (at?.isEqualNode(node)) { at = at.nextSibling; continue }
		const same = node.id ? $(`:scope > [id="${CSS.escape(node.id)}"]`, old) : at && !at.id && at.nodeName === node.nodeName && at
		if (same && same === at) at = at.nextSibling
		else old.insertBefore(same || node, at)
		if (same) patch(same, node)
	}
	while (at) drop()
}

// Threads grow upwards (column-reverse): their end is 0, above it is negative.
function swap(region, fresh) {
	const box = region.id === 'thread' && region.parentElement
	const top = box.scrollTop < -40 && box.scrollHeight + box.scrollTop
	const focus = region.contains(focused()) && focused()
	patch(region, fresh)
	if (top) box.scrollTop = top - box.scrollHeight
	if (focus && !focus.isConnected) (document.getElementById(focus.id) || region.closest('[tabindex]'))?.focus({ preventScroll: true })
}

// mine: the answer to what was just done here, so that its flash, errors and form token count as well.
function take(doc, mine) {
	links(doc)
	held = false
	for (const region of all('[data-live][id]')) {
		const fresh = doc.getElementById(region.id), kind = region.dataset.live
		if (!fresh || !mine && /^(problems|flash)$/.test(kind)) continue
		// An open menu keeps its place and what was chosen in it until it closes.
		if (region.contains(focused()) && typed(focused()) || kind === 'head' && menu()) held = true
		else swap(region, fresh)
	}
	const token = '#composer [name=token]'
	if (mine && $(token, doc)) $(token).value = $(token, doc).value
}

const parse = async res => new DOMParser().parseFromString(await res.text(), 'text/html')
let busy, held, timer, due = Infinity

async function refresh(mine) {
	if ((document.hidden || card) && !mine) { held = true; return }
	if (busy && !mine) { soon(300); return }
	while (busy) await new Promise(done => setTimeout(done, 50))
	busy = true
	try {
		const res = await fetch(location.href, { cache: 'no-store', headers: mine ? {} : { 'x-look': 1 } })
		if (res.redirected && /\/login\b/.test(res.url)) {
			stop()
			return say('bad', texts.expired, texts.login)
		}
		if (!res.ok) throw res
		take(await parse(res), mine)
		return true
	} catch {
		if (mine) say('bad', texts.unsent)
	} finally { busy = false }
}

function soon(ms) {
	const when = Date.now() + ms
	if (due <= when) return
	clearTimeout(timer)
	due = when
	timer = setTimeout(() => { due = Infinity; refresh() }, ms)
}

function say(kind, text, action) {
	$('#flash').replaceChildren(make('p', { className: 'flash ' + kind, role: kind === 'ok' ? 'status' : 'alert' },
		make('span', { textContent: text }), ...action ? [make('a', { className: 'btn sm', href: location.href, textContent: action })] : []))
}

/* ---- the stream of hints ---- */

let source, silent, quiet, last = page.after, typing

function heard(e) {
	const open = $('[data-conversation]')?.dataset.conversation
	const hint = JSON.parse(e.data)
	last = e.lastEventId || last
	const here = !page.user || open && hint.conversation_id === open
	if (hint.kind === 'typing') {
		if (here && (!page.user || hint.actor_id !== page.user)) showTyping(hint.data?.name)
		return
	}
	if (hint.kind === 'looking') {
		if (here) looking(hint.data.names)
		return
	}
	if (here && hint.kind === 'message:created') showTyping()
	// The open conversation at once, lists a little later and not all browsers together, other pages seldom.
	soon(here ? 150 : /^(deal|pip)/.test(hint.kind) && $('[data-live=deal]') ? 250 : $('.inbox') || hint.kind === 'notification:new' ? 500 + Math.random() * 500 : 5000)
}

function start() {
	if (!page.events || source) return
	const after = last
	source = new EventSource(page.events + (page.events.includes('?') ? '&' : '?') + (after ? 'after=' + after : ''))
	source.onmessage = heard
	source.addEventListener('reset', () => soon(150))
	source.onopen = () => {
		silent = clearTimeout(silent)
		looking([])
		// Without a place to start from, what happened between the page and its stream is looked up once.
		if (!after || quiet) soon(400)
		if (quiet) $('#flash').replaceChildren()
		quiet = false
	}
	source.onerror = () => {
		silent ||= setTimeout(() => { quiet = true; say('warn', texts.offline, texts.reload) }, 10000)
		if (source?.readyState !== EventSource.CLOSED) return
		source = null
		setTimeout(start, 5000 + Math.random() * 5000)
	}
}

function stop() {
	source?.close()
	source = null
	silent = clearTimeout(silent)
}

function looking(names) {
	const p = $('#looking')
	if (p) p.textContent = names[0] ? texts.looking.replace('{0}', names.map(n => n.split(' ')[0]).join(', ')) : ''
}

function showTyping(name) {
	const p = $('#typing')
	clearTimeout(typing)
	if (p) p.textContent = name ? texts.typing.replace('{0}', name.split(' ')[0]) : ''
	if (name) typing = setTimeout(showTyping, 6000)
}

/* ---- forms ---- */

const box = () => $('#composer textarea'), draft = 'draft:' + location.pathname

async function send(form, button) {
	const data = new FormData(form, button), { files, text } = form.elements, sent = text?.value
	form.setAttribute('aria-busy', 'true')
	try {
		// A redirect is the yes of every form; reading the page again shows the rest.
		const res = await post(button?.getAttribute('formaction') || form.getAttribute('action'), files ? data : new URLSearchParams(data))
		for (const pop of all(':popover-open')) pop.hidePopover()
		if (res.type === 'opaqueredirect') {
			if (files) files.value = ''
			if (!await refresh(true) || !text) return
			if (text.value === sent) text.value = ''
			for (const b of all('[name=mention]', form)) b.checked = false
			memory('session')[draft] = ''
			if (/[?&](cursor|reply)=/.test(location.search)) location.assign(location.pathname)
			$('#thread')?.parentElement.scrollTo(0, 0)
			text.focus()
			return
		}
		const doc = await parse(res)
		if ($('#problems-box', doc)) {
			take(doc, true);
			($('#problems') || text)?.focus()
		} else say('bad', [$('h1', doc)?.textContent, texts.unsent].filter(Boolean).join('. '))
	} catch {
		say('bad', texts.unsent)
	} finally {
		delete form.dataset.busy
		form.removeAttribute('aria-busy')
	}
}

on('submit', e => {
	const form = e.target
	if (form.method === 'get') return
	const swaps = form.matches('[data-swap]') && !e.submitter?.matches('[data-whole]'), twice = form.dataset.busy
	if (swaps || twice) e.preventDefault()
	form.dataset.busy = 1
	if (swaps && !twice) send(form, e.submitter)
})

// Empty choices do not belong in an address.
on('formdata', e => {
	if (e.target.method === 'get') for (const [name, value] of [...e.formData]) if (!value) e.formData.delete(name)
})

on('change', e => {
	if (e.target.matches('[data-auto] select')) e.target.form.requestSubmit()
	if (e.target.name === 'mention' && called(box())[0] === '@') put('@' + e.target.parentNode.textContent + ' ')
	if (e.target.id === 'keys-off') memory('local').keysOff = e.target.checked ? '1' : ''
})

let hinted = 0, wait
const keep = form => form.dataset.draft && post(form.dataset.draft, new URLSearchParams(new FormData(form))).catch(() => {})
// The "/shortcut" or "@name" that is being written.
const called = el => el.value.slice(0, el.selectionStart).match(/(^|\s)([/@][\p{L}\w.-]*)$/u)?.[2] ?? ''
const noting = () => $('#composer [name=internal][value="1"]')?.matches(':checked, [type=hidden]') ?? false
function offer(el) {
	const word = called(el).toLowerCase(), at = word[0] === '@'
	for (const b of all('#p-quick button, #p-people label')) b.hidden = !('@' + b.textContent.toLowerCase()).includes(at ? word.slice(1) : '@' + word)
	$('#p-quick')?.togglePopover(word > '' && !at)
	$('#p-people')?.togglePopover(at && noting())
}
function put(text) {
	const el = box()
	menu()?.hidePopover()
	if (text) el.setRangeText(text, el.selectionStart - called(el).length, el.selectionEnd, 'end')
	el.focus()
	keep(el.form)
}
on('click', async e => {
	const url = e.target.closest('[data-quick]')?.dataset.quick, close = e.target.closest('[data-dismiss]')
	if (close) { e.preventDefault(); close.closest('.flash').remove() }
	if (!url) return
	e.preventDefault()
	put((await (await fetch(url)).json()).content)
})
on('input', e => {
	const form = e.target.form, url = form?.dataset.typing
	if (e.target !== box()) return
	memory('session')[draft] = e.target.value
	offer(e.target)
	clearTimeout(wait)
	wait = setTimeout(keep, 1500, form)
	if (!url || !e.target.value || Date.now() - hinted < 4000) return
	hinted = Date.now()
	post(url, new URLSearchParams({ internal: +noting() }), { 'x-csrf-token': form.elements.csrf.value }).catch(() => {})
})

// Addresses in messages become links; made of nodes, never of markup.
function links(root) {
	for (const p of all('[data-text]', root)) {
		const parts = p.childElementCount ? [] : p.textContent.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/)
		if (parts.length < 3) continue
		p.replaceChildren(...parts.map((part, i) =>
			i % 2 ? make('a', { href: part, rel: 'noopener noreferrer nofollow', target: '_blank' }, part) : part))
	}
}

/* ---- keys: none while typing; can be switched off ---- */

let go = 0

function walk(step) {
	const list = all('.conv a, .deal h3 a, .table tbody th a'), at = focused()
	const from = list.findIndex(a => list.includes(at) ? a === at : a.matches('[aria-current]'))
	list.at(Math.max(0, Math.min(from + step, list.length - 1)))?.focus()
}

function write(kind) {
	$(`#composer [type=radio][value="${kind}"]`)?.click()
	box()?.focus()
}

const keys = {
	'/': () => {
		const input = $('[data-search]'), pop = input?.closest('[popover]:not(:popover-open)')
		pop?.showPopover({ source: $(`[popovertarget="${pop.id}"]`) })
		input?.focus()
	},
	'?': () => $('#keys')?.showPopover(),
	j: () => walk(1),
	k: () => walk(-1),
	r: () => write(0),
	n: () => write(1),
	e: () => $('[data-key=e]')?.click(),
	x: () => $('[name=id]', focused().closest('.deal, .conv, tr') ?? $('#keys'))?.click(),
	'[': () => shift('previous'),
	']': () => shift('next'),
	g: () => { go = Date.now() },
}

on('keydown', e => {
	const el = e.target, form = el.form
	if (e.isComposing) return
	if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && el === box()) {
		e.preventDefault()
		form.requestSubmit(e.shiftKey && $('[name=then]', form) || $('[data-send]', form))
	}
	if (e.ctrlKey || e.metaKey || e.altKey) return
	if (e.key === 'ArrowDown' && el === box() && menu()) {
		e.preventDefault()
		$('button:not([hidden])', menu())?.focus()
	}
	if (e.key === 'Escape' && !menu()) {
		if (typed(el)) el.blur()
		else $('[data-back]')?.click()
	}
	if (typed(el) || memory('local').keysOff) return
	const target = Date.now() - go < 1500 && $(`[data-go="${CSS.escape(e.key)}"]`)
	const act = target ? () => target.click() : Object.hasOwn(keys, e.key) && keys[e.key]
	go = 0
	if (act) { e.preventDefault(); act() }
})

/* ---- the board: a drag is a PATCH with the version seen ---- */

let card
const over = col => { for (const c of all('.col')) c.classList.toggle('over', c === col) }

async function move(list, y) {
	const el = card, place = new Comment(), { csrf, moved, refused } = $('#board').dataset
	if (el.dataset.busy) return
	el.dataset.busy = 1
	// The card that this one would follow.
	const after = all('.deal', list).filter(c => c !== el && c.getBoundingClientRect().top + c.offsetHeight / 2 < y).pop()
	el.before(place)
	after ? after.after(el) : list.prepend(el)
	const body = JSON.stringify({ stage_id: list.dataset.drop, after_id: after?.id.slice(2) ?? null })
	const headers = { 'content-type': 'application/json', 'if-match': `"v${$('[name=id]', el).value.slice(37)}"`, 'x-csrf-token': csrf }
	const res = await post('/api/deals/' + el.id.slice(2), body, headers, 'PATCH').catch(() => 0)
	if (!res.ok) place.replaceWith(el)
	if (await refresh(true)) $('a', el).focus(), say(res.ok ? 'ok' : 'warn', (res.ok ? moved : refused).replace('{0}', $('h3', el).textContent).replace('{1}', $('h2', list.closest('.col')).textContent))
}

function shift(way) {
	card = focused().closest('[data-drag] .deal')
	const col = card?.closest('.col')[way + 'ElementSibling']
	if (col) move($('[data-drop]', col), -1e9)
	card = null
}

on('pointerdown', e => {
	const el = e.target.closest('[data-drag] .deal')
	if (el) el.draggable = true
})
on('dragstart', e => {
	card = e.target.closest?.('[data-drag] .deal')
	if (!card) return
	card.classList.add('held')
	e.dataTransfer.effectAllowed = 'move'
})
for (const type of ['dragover', 'drop']) on(type, e => {
	const col = card && e.target.closest?.('.col')
	if (!col) return
	e.preventDefault()
	type === 'drop' ? move($('[data-drop]', col), e.clientY) : over(col)
})
on('dragend', () => { card?.classList.remove('held'); card = over(); late() })

/* ---- begin ---- */

const late = () => { if (held && !document.hidden) soon(0) }
on('toggle', late, true)
on('focusout', late)
on('visibilitychange', late)
addEventListener('pagehide', stop)
addEventListener('pageshow', e => {
	for (const form of all('[data-busy]')) delete form.dataset.busy
	start()
	if (e.persisted) soon(0)
})
// Waiting times and the 24-hour window grow old by themselves.
if ($('.inbox')) setInterval(soon, 60000, 0)
if ($('#keys-off')) $('#keys-off').checked = memory('local').keysOff
links(document)
// What this tab was writing goes before what another one left with the server.
if (box()) box().value = memory('session')[draft] || box().value
