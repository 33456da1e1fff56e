// Enhances pages that work without it: live regions, sending in place, keys. Nothing here is the only way.
const $ = (sel, root = document) => root.querySelector(sel)
const all = (sel, root = document) => [...root.querySelectorAll(sel)]
const texts = $('#texts')?.dataset ?? {}, page = document.body.dataset
const store = kind => { try { return window[kind + 'Storage'] } catch { return null } }
const typed = el => el?.matches('textarea, select, input:not([type=checkbox], [type=radio])')
const menu = () => $(':popover-open')

/* ---- regions: every [data-live][id] follows the one of the same id in a newer page ---- */

// Nodes that are still there stay in place: scroll, focus, playing audio and what was announced survive.
function patch(old, fresh) {
  if (old.nodeType === 3) { old.data = fresh.data; return }
  for (const a of [...old.attributes]) if (!fresh.hasAttribute(a.name)) old.removeAttribute(a.name)
  for (const a of fresh.attributes) if (old.getAttribute(a.name) !== a.value) old.setAttribute(a.name, a.value)
  const kept = new Set([...fresh.children].map(c => c.id))
  let at = old.firstChild
  for (const node of [...fresh.childNodes]) {
    while (at?.id && !kept.has(at.id)) at = drop(at)
    if (at?.isEqualNode(node)) { at = at.nextSibling; continue }
    const same = node.id ? $(`:scope > [id="${CSS.escape(node.id)}"]`, old) : at && !at.id && at.nodeName === node.nodeName && at
    if (same && same === at) at = at.nextSibling
    else old.insertBefore(same || node, at)
    if (same) patch(same, node)
  }
  while (at) at = drop(at)
}

function drop(node) {
  const next = node.nextSibling
  node.remove()
  return next
}

// Threads grow upwards (column-reverse): their end is 0, what lies above it is negative.
function swap(region, fresh) {
  const box = region.id === 'thread' && region.parentElement
  const top = box && box.scrollTop < -40 ? box.scrollHeight + box.scrollTop : null
  const focus = region.contains(document.activeElement) && document.activeElement
  patch(region, fresh)
  if (top !== null) box.scrollTop = top - box.scrollHeight
  if (focus && !focus.isConnected) (document.getElementById(focus.id) || region.closest('[tabindex]'))?.focus({ preventScroll: true })
}

// mine: the answer to what was just done here, so that its flash, errors and form token count as well.
function take(doc, mine) {
  links(doc)
  held = false
  for (const region of all('[data-live][id]')) {
    const fresh = doc.getElementById(region.id), kind = region.dataset.live
    const inside = region.contains(document.activeElement) && typed(document.activeElement)
    if (!fresh || !mine && /^(problems|flash)$/.test(kind)) continue
    // An open menu keeps its place and what was chosen in it until it closes.
    if (inside || kind === 'head' && menu()) held = true
    else swap(region, fresh)
  }
  const token = $('#composer [name=token]'), next = $('#composer [name=token]', doc)
  if (mine && token && next) token.value = next.value
}

const parse = async res => new DOMParser().parseFromString(await res.text(), 'text/html')
let busy = false, held = false, timer = 0, due = 0

async function refresh(mine) {
  if (document.hidden && !mine) { held = true; return }
  if (busy && !mine) { soon(300); return }
  while (busy) await new Promise(done => setTimeout(done, 50))
  busy = true
  try {
    const res = await fetch(location.href, { cache: 'no-store' })
    if (res.redirected && new URL(res.url).pathname === '/login') {
      stop()
      say('bad', texts.expired, texts.login)
    } else if (res.ok) {
      take(await parse(res), mine)
      return true
    } else if (mine) say('bad', texts.unsent)
  } catch {
    if (mine) say('bad', texts.unsent)
  } finally { busy = false }
}

function soon(ms) {
  const when = Date.now() + ms
  if (timer && due <= when) return
  clearTimeout(timer)
  due = when
  timer = setTimeout(() => { timer = 0; refresh() }, ms)
}

function say(kind, text, action) {
  const p = document.createElement('p'), span = document.createElement('span'), a = document.createElement('a')
  p.className = 'flash ' + kind
  p.setAttribute('role', kind === 'bad' ? 'alert' : 'status')
  span.textContent = text
  a.className = 'btn sm'
  a.href = location.href
  a.textContent = action
  p.append('', span, ...action ? [a] : [])
  $('#flash')?.replaceChildren(p)
}

/* ---- the stream of hints ---- */

let source, silent = 0, quiet = false, last = page.after, typing = 0

function heard(e) {
  const open = $('[data-conversation]')?.dataset.conversation
  let hint
  try { hint = JSON.parse(e.data) } catch { return }
  last = e.lastEventId || last
  const here = !page.user || open && hint.conversation_id === open
  if (hint.kind === 'typing') {
    if (here && (!page.user || hint.actor_id !== page.user)) showTyping(hint.data?.name)
    return
  }
  if (here && hint.kind === 'message:created') showTyping()
  // The open conversation at once, lists a little later and not all browsers together, other pages seldom.
  soon(here ? 150 : $('.inbox') || hint.kind === 'notification:new' ? 500 + Math.random() * 500 : 5000)
}

function start() {
  if (!page.events || source) return
  const after = last
  source = new EventSource(page.events + (after ? (page.events.includes('?') ? '&' : '?') + 'after=' + after : ''))
  source.onmessage = heard
  source.addEventListener('reset', () => soon(150))
  source.onopen = () => {
    clearTimeout(silent)
    silent = 0
    // Without a place to start from, what happened between the page and its stream is looked up once.
    if (!after || quiet) soon(400)
    if (quiet) $('#flash')?.replaceChildren()
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
  clearTimeout(silent)
  silent = 0
}

function showTyping(name) {
  const p = $('#typing')
  if (!p) return
  clearTimeout(typing)
  p.textContent = name ? texts.typing.replace('{0}', name.split(' ')[0]) : ''
  if (name) typing = setTimeout(showTyping, 6000)
}

/* ---- forms ---- */

const box = () => $('#composer textarea'), draft = 'draft:' + location.pathname

async function send(form, button) {
  const data = new URLSearchParams(new FormData(form, button)), text = form.elements.text, sent = text?.value
  form.setAttribute('aria-busy', 'true')
  try {
    // A redirect is the yes of every form; reading the page again shows the rest.
    const res = await fetch(button?.getAttribute('formaction') || form.getAttribute('action'), { method: 'POST', body: data, redirect: 'manual' })
    if (res.type === 'opaqueredirect') {
      menu()?.hidePopover()
      if (!await refresh(true) || !text) return
      if (text.value === sent) text.value = ''
      store('session')?.removeItem(draft)
      if (/[?&](cursor|reply)=/.test(location.search)) location.assign(location.pathname)
      $('#thread')?.parentElement.scrollTo(0, 0)
      text.focus()
      return
    }
    const doc = await parse(res)
    if (doc.getElementById('problems-box')) {
      menu()?.hidePopover()
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

document.addEventListener('submit', e => {
  const form = e.target
  if (form.method === 'get') {
    // Empty choices do not belong in an address.
    const empty = [...form.elements].filter(el => el.name && !el.value)
    for (const el of empty) el.disabled = true
    setTimeout(() => { for (const el of empty) el.disabled = false })
    return
  }
  const swaps = form.matches('[data-swap]'), twice = form.dataset.busy
  if (swaps || twice) e.preventDefault()
  form.dataset.busy = '1'
  if (swaps && !twice) send(form, e.submitter)
})

document.addEventListener('change', e => {
  if (e.target.matches('[data-auto] select')) e.target.form.requestSubmit()
  if (e.target.id === 'keys-off') store('local')?.setItem('keys-off', e.target.checked ? '1' : '')
})

let hinted = 0, wait
const keep = form => form.dataset.draft && fetch(form.dataset.draft, { method: 'POST', body: new URLSearchParams(new FormData(form)) }).catch(() => {})
const slashed = el => el.value.slice(0, el.selectionStart).match(/(^|\s)(\/[\w-]*)$/)?.[2] ?? ''
function slash(el) {
  const word = slashed(el)
  for (const b of all('#p-quick button')) b.hidden = !b.textContent.startsWith(word)
  $('#p-quick')?.togglePopover(word > '')
}
document.addEventListener('click', async e => {
  const url = e.target.closest('[data-quick]')?.dataset.quick, el = box()
  if (!url) return
  e.preventDefault()
  const text = (await (await fetch(url)).json()).content
  menu()?.hidePopover()
  if (text) el.setRangeText(text, el.selectionStart - slashed(el).length, el.selectionEnd, 'end')
  el.focus()
  keep(el.form)
})
document.addEventListener('input', e => {
  const form = e.target.form, url = form?.dataset.typing
  if (e.target !== box()) return
  store('session')?.setItem(draft, e.target.value)
  slash(e.target)
  clearTimeout(wait)
  wait = setTimeout(keep, 1500, form)
  if (!url || !e.target.value || $('[name=internal][value="1"]', form)?.checked || Date.now() - hinted < 4000) return
  hinted = Date.now()
  fetch(url, { method: 'POST', headers: { 'x-csrf-token': form.elements.csrf.value } }).catch(() => {})
})

// Addresses in messages become links; made of nodes, never of markup.
function links(root) {
  for (const p of all('[data-text]', root)) {
    const parts = p.childElementCount ? [] : p.textContent.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/)
    if (parts.length < 3) continue
    p.replaceChildren(...parts.map((part, i) => {
      if (i % 2 === 0) return part
      const a = document.createElement('a')
      a.href = a.textContent = part
      a.rel = 'noopener noreferrer nofollow'
      a.target = '_blank'
      return a
    }))
  }
}

/* ---- keys: none while typing; can be switched off ---- */

let go = 0

function walk(step) {
  const list = all('.conv a, .table tbody th a'), now = list.indexOf(document.activeElement)
  const from = now >= 0 ? now : list.findIndex(a => a.matches('[aria-current]'))
  list[Math.max(0, Math.min(from + step, list.length - 1))]?.focus()
}

function write(kind) {
  const radio = $(`#composer [type=radio][value="${kind}"]`)
  if (radio) radio.checked = true
  box()?.focus()
}

const keys = {
  '/': () => {
    const input = $('[data-search]'), pop = input?.closest('[popover]:not(:popover-open)')
    if (pop) $(`[popovertarget="${pop.id}"]`)?.click()
    input?.focus()
  },
  '?': () => $('#keys')?.showPopover(),
  j: () => walk(1),
  k: () => walk(-1),
  r: () => write(0),
  n: () => write(1),
  e: () => $('[data-key=e]')?.click(),
  g: () => { go = Date.now() },
}

document.addEventListener('keydown', e => {
  const el = e.target, form = el.form
  if (e.isComposing) return
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && el === box()) {
    e.preventDefault()
    form.requestSubmit(e.shiftKey && $('[name=then]', form) || $('[data-send]', form))
  }
  if (e.ctrlKey || e.metaKey || e.altKey) return
  if (e.key === 'Escape' && !menu()) {
    if (typed(el)) el.blur()
    else $('[data-back]')?.click()
  }
  if (typed(el) || store('local')?.getItem('keys-off')) return
  const target = Date.now() - go < 1500 && $(`[data-go="${CSS.escape(e.key)}"]`)
  go = 0
  if (!target && !Object.hasOwn(keys, e.key)) return
  e.preventDefault()
  if (target) target.click()
  else keys[e.key]()
})

document.addEventListener('click', e => {
  const close = e.target.closest('[data-dismiss]')
  if (close) { e.preventDefault(); close.closest('.flash').remove() }
})

/* ---- begin ---- */

const late = () => { if (held && !document.hidden) soon(0) }
document.addEventListener('toggle', late, true)
document.addEventListener('focusout', late)
document.addEventListener('visibilitychange', late)
addEventListener('pagehide', stop)
addEventListener('pageshow', e => {
  for (const form of all('[data-busy]')) delete form.dataset.busy
  start()
  if (e.persisted) soon(0)
})
// Waiting times and the 24-hour window grow old by themselves.
if ($('.inbox')) setInterval(soon, 60000, 0)
for (const el of all('[data-script]')) el.hidden = false
if ($('#keys-off')) $('#keys-off').checked = store('local')?.getItem('keys-off')
links(document)
if (box() && !box().value) box().value = store('session')?.getItem(draft) ?? ''

/* ---- the board: drags cards by PATCH with the version seen; the Move page does the same ---- */
const board = $('#board[data-drag]')
if (board) {
const data = board.dataset
let held = null

const columns = async () => {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
  for (const old of document.querySelectorAll('[data-live=column]')) {
    const fresh = page.getElementById(old.id)
    if (fresh) old.replaceChildren(...fresh.childNodes)
  }
  ready()
}

const say = (kind, text) => {
  const p = document.createElement('p')
  p.className = 'flash ' + kind
  p.setAttribute('role', kind === 'ok' ? 'status' : 'alert')
  p.append('', Object.assign(document.createElement('span'), { textContent: text }))
  document.getElementById('flash').replaceChildren(p)
}

const ready = () => { for (const card of board.querySelectorAll('.deal')) card.draggable = true }
const target = e => held && e.target.closest('.col')?.querySelector('[data-drop]')
const over = list => { for (const c of board.querySelectorAll('.col')) c.classList.toggle('over', !!list && c.contains(list)) }
// The card that the held one would follow.
const before = (list, y) => [...list.querySelectorAll('.deal')].filter(c => c !== held && c.getBoundingClientRect().top + c.offsetHeight / 2 < y).pop()

async function drop(card, list, after) {
  const title = card.querySelector('h3').textContent, stage = document.getElementById('n-' + list.dataset.drop).textContent
  const body = { stage_id: list.dataset.drop, after_id: after ? after.id.slice(2) : null }
  after ? after.after(card) : list.prepend(card)
  const res = await fetch('/api/deals/' + card.id.slice(2), { method: 'PATCH', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'if-match': `"v${card.dataset.v}"`, 'x-csrf-token': data.csrf } }).catch(() => null)
  say(res?.ok ? 'ok' : 'warn', (res?.ok ? data.moved : data.refused).replace('{0}', title).replace('{1}', stage))
  columns().catch(() => location.reload())
}

board.addEventListener('dragstart', e => {
  held = e.target.closest?.('.deal')
  held?.classList.add('held')
  e.dataTransfer.effectAllowed = 'move'
})
board.addEventListener('dragover', e => { const list = target(e); if (list) { e.preventDefault(); over(list) } })
board.addEventListener('drop', e => {
  const list = target(e)
  if (!list) return
  e.preventDefault()
  drop(held, list, before(list, e.clientY))
})
board.addEventListener('dragend', () => { held?.classList.remove('held'); held = null; over() })
new MutationObserver(ready).observe(board, { childList: true, subtree: true })
ready()
}
