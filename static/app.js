// Enhances pages that work without it: live regions, sending in place, keys. Nothing here is the only way.
const $ = (sel, root = document) => root.querySelector(sel)
const all = (sel, root = document) => [...root.querySelectorAll(sel)]
const texts = $('#texts')?.dataset ?? {}
const storage = kind => { try { return window[kind] } catch { return null } }
const typed = el => el?.matches?.('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])')

/* ---- regions: [data-live][id] of a page are replaced by those of the same id of a newer one ---- */

let busy = false, again = false, timer = 0, due = 0, held = false, lastSeen = ''

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

function scroller(el) {
  for (; el; el = el.parentElement)
    if (el.scrollHeight > el.clientHeight && /auto|scroll/.test(getComputedStyle(el).overflowY)) return el
}

// The threads grow upwards (column-reverse): 0 is the end, and what lies above it is negative.
function swap(region, fresh) {
  const box = region.id === 'thread' && scroller(region)
  const top = box && box.scrollTop < -40 ? box.scrollHeight + box.scrollTop : null
  const focus = region.contains(document.activeElement) && document.activeElement
  patch(region, fresh)
  if (top !== null) box.scrollTop = top - box.scrollHeight
  if (focus && !focus.isConnected)
    (focus.id && document.getElementById(focus.id) || $('[tabindex="0"]', region) || region.closest('[tabindex]'))?.focus({ preventScroll: true })
}

function take(page) {
  links(page)
  const open = $(':popover-open')
  held = false
  for (const region of all('[data-live][id]')) {
    const fresh = page.getElementById(region.id)
    if (!fresh) continue
    // A menu that is open keeps its place and what was chosen in it until it closes.
    if (region.dataset.live === 'head' && (open || region.contains(document.activeElement) && typed(document.activeElement))) held = true
    else if (region.dataset.live === 'who' && region.contains(document.activeElement)) held = true
    else if (region.dataset.live !== 'problems' && region.dataset.live !== 'flash' || page.told) swap(region, fresh)
  }
  const token = page.told && $('#composer [name=token]', page), own = $('#composer [name=token]')
  if (token && own) own.value = token.value
}

const parse = html => new DOMParser().parseFromString(html, 'text/html')
const loginPage = res => res.redirected && new URL(res.url).pathname === '/login'

// told: the answer of somebody's own action, so that its flash, errors and token count too.
async function refresh(told) {
  if (busy) { again = true; return false }
  if (document.hidden && !told) { held = true; return false }
  busy = true
  let ok = false
  try {
    const res = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store' })
    if (loginPage(res)) { stop(); say('bad', texts.expired, texts.login, location.href) }
    else if (res.ok) {
      const page = parse(await res.text())
      page.told = told
      take(page)
      ok = true
    }
  } catch { /* the stream says when the connection is gone */ }
  busy = false
  if (again) { again = false; soon(300) }
  return ok
}

function soon(ms) {
  const when = Date.now() + ms
  if (timer && due <= when) return
  clearTimeout(timer)
  due = when
  timer = setTimeout(() => { timer = 0; refresh() }, ms)
}

/* ---- one line to say something ---- */

function say(kind, text, action, url) {
  const box = $('#flash')
  if (!box || !text) return
  const p = document.createElement('p'), span = document.createElement('span')
  p.className = 'flash ' + kind
  p.setAttribute('role', kind === 'bad' ? 'alert' : 'status')
  span.textContent = text
  p.append('', span)
  if (action) {
    const a = document.createElement('a')
    a.className = 'btn sm'
    a.href = url
    a.textContent = action
    p.append(a)
  }
  box.replaceChildren(p)
}

/* ---- the stream of hints ---- */

let source = null, silent = 0, quiet = false, typing = 0
const where = document.body.dataset

function heard(e) {
  const open = $('[data-conversation]')?.dataset.conversation
  let hint
  try { hint = JSON.parse(e.data) } catch { return }
  lastSeen = e.lastEventId || lastSeen
  if (hint.kind === 'typing') {
    if (hint.actor_id !== where.user && (!open || hint.conversation_id === open)) showTyping(hint.data?.name)
    return
  }
  if (hint.kind === 'message:created') showTyping('')
  // The open conversation at once, lists a little later and not all browsers together, other pages seldom.
  if (!where.user || hint.conversation_id === open && open) soon(150)
  else soon($('.inbox') || hint.kind === 'notification:new' ? 500 + Math.random() * 500 : 5000)
}

function start() {
  if (!where.events || source) return
  const after = lastSeen || where.after
  const url = where.events + (after ? (where.events.includes('?') ? '&' : '?') + 'after=' + encodeURIComponent(after) : '')
  source = new EventSource(url)
  let first = true
  source.onmessage = heard
  source.addEventListener('reset', () => soon(150))
  source.onopen = () => {
    clearTimeout(silent)
    silent = 0
    // What happened between the page and its stream is not lost: without a place to start from, look once.
    if (!after || !first || quiet) soon(quiet ? 0 : 400)
    if (quiet) { quiet = false; $('#flash')?.replaceChildren() }
    first = false
  }
  source.onerror = () => {
    if (!silent) silent = setTimeout(() => { quiet = true; say('warn', texts.offline, texts.reload, location.href) }, 10000)
    if (source.readyState === EventSource.CLOSED) { source = null; setTimeout(start, 5000 + Math.random() * 5000) }
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
  if (name) typing = setTimeout(() => { p.textContent = '' }, 6000)
}

/* ---- forms ---- */

const draftKey = 'draft:' + location.pathname
const clearDraft = () => storage('sessionStorage')?.removeItem(draftKey)

async function send(form, button) {
  if (form.dataset.busy) return
  const data = new URLSearchParams(new FormData(form, button))
  const field = form.elements.text, sent = field?.value
  form.dataset.busy = '1'
  form.setAttribute('aria-busy', 'true')
  try {
    // A redirect is the yes of every form; the page that is then read says the rest.
    const res = await fetch(button?.getAttribute('formaction') || form.getAttribute('action'), { method: 'POST', body: data, redirect: 'manual' })
    if (res.type === 'opaqueredirect') {
      $(':popover-open')?.hidePopover()
      if (new URLSearchParams(location.search).has('cursor')) { clearDraft(); location.assign(location.pathname); return }
      while (busy) await new Promise(done => setTimeout(done, 50))
      const ok = await refresh(true)
      if (ok && form.dataset.swap === 'clear' && field) {
        if (field.value === sent) field.value = ''
        clearDraft()
        const scroll = $('#thread') && scroller($('#thread'))
        if (scroll) scroll.scrollTop = 0
        field.focus()
      } else if (!ok && !$('#flash .flash')) say('bad', texts.unsent)
      return
    }
    const page = parse(await res.text())
    if (page.getElementById('main') && page.getElementById('problems-box')) {
      page.told = true
      $(':popover-open')?.hidePopover()
      take(page)
      const wrong = $('#problems') || $('.err', form)
      if (wrong?.id === 'problems') wrong.focus()
      else field?.focus()
    } else say('bad', $('h1', page)?.textContent ? $('h1', page).textContent + '. ' + texts.unsent : texts.unsent)
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
    // Empty choices do not belong into an address.
    for (const el of form.elements) if (el.name && !el.value) el.disabled = true
    setTimeout(() => { for (const el of form.elements) el.disabled = false })
    return
  }
  if (form.matches('[data-swap]')) { e.preventDefault(); send(form, e.submitter); return }
  if (form.dataset.busy) e.preventDefault()
  else form.dataset.busy = '1'
})

document.addEventListener('change', e => {
  if (e.target.matches('[data-auto] select')) e.target.form.requestSubmit()
  if (e.target.id === 'keys-off') {
    if (e.target.checked) storage('localStorage')?.setItem('keys-off', '1')
    else storage('localStorage')?.removeItem('keys-off')
  }
})

let told = 0
document.addEventListener('input', e => {
  const form = e.target.form
  if (e.target.name !== 'text' || form?.id !== 'composer') return
  storage('sessionStorage')?.setItem(draftKey, e.target.value)
  const note = $('[name=internal]:checked', form)?.value === '1'
  if (!form.dataset.typing || note || !e.target.value || Date.now() - told < 4000) return
  told = Date.now()
  fetch(form.dataset.typing, { method: 'POST', headers: { 'x-csrf-token': form.elements.csrf.value } }).catch(() => {})
})

// What a text says is a link becomes one; made of nodes, never of markup.
function links(root) {
  for (const p of all('[data-text]', root)) {
    if (p.dataset.text) continue
    p.dataset.text = '1'
    for (const node of [...p.childNodes].filter(n => n.nodeType === 3)) {
      const parts = node.data.split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)])/)
      if (parts.length < 3) continue
      node.replaceWith(...parts.map((part, i) => {
        if (i % 2 === 0) return part
        const a = document.createElement('a')
        a.href = part
        a.textContent = part
        a.rel = 'noopener noreferrer nofollow'
        a.target = '_blank'
        return a
      }))
    }
  }
}

/* ---- keys: none while typing; can be switched off ---- */

let go = 0
const composer = () => $('#composer textarea')

function walk(step) {
  const list = all('.conv a, .table tbody th a')
  const at = list.indexOf(document.activeElement)
  const from = at >= 0 ? at : list.findIndex(a => a.matches('[aria-current]'))
  const next = list[Math.min(Math.max(from + step, 0), list.length - 1)]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

function write(kind) {
  const box = composer(), radio = $(`#composer [name=internal][value="${kind}"]`)
  if (!box) return
  if (radio?.type === 'radio') radio.checked = true
  box.focus()
}

const keys = {
  '/'() {
    const box = $('[data-search]'), pop = box?.closest('[popover]')
    if (pop && !pop.matches(':popover-open')) pop.showPopover()
    box?.focus()
  },
  '?'() { $('#keys')?.showPopover?.() },
  j() { walk(1) },
  k() { walk(-1) },
  r() { write('0') },
  n() { write('1') },
  e() { $('[data-key=e]')?.click() },
  g() { go = Date.now() },
}

document.addEventListener('keydown', e => {
  if (e.isComposing || e.defaultPrevented) return
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && e.target === composer()) {
    e.preventDefault()
    const form = e.target.form
    form.requestSubmit(e.shiftKey && $('[name=then]', form) || $('[data-send]', form))
    return
  }
  if (e.ctrlKey || e.metaKey || e.altKey) return
  if (e.key === 'Escape' && !$(':popover-open')) {
    if (typed(document.activeElement)) document.activeElement.blur()
    else $('[data-back]')?.click()
    return
  }
  if (typed(e.target) || storage('localStorage')?.getItem('keys-off')) return
  const target = Date.now() - go < 1500 && $(`[data-go="${CSS.escape(e.key)}"]`)
  go = 0
  if (target) { e.preventDefault(); target.click(); return }
  if (!Object.hasOwn(keys, e.key)) return
  e.preventDefault()
  keys[e.key]()
})

document.addEventListener('click', e => {
  const close = e.target.closest('[data-dismiss]')
  if (close) { e.preventDefault(); close.closest('.flash').remove() }
})

/* ---- begin ---- */

document.addEventListener('toggle', e => { if (e.newState === 'closed' && held) soon(0) }, true)
document.addEventListener('visibilitychange', () => { if (!document.hidden && held) soon(0) })
addEventListener('pagehide', stop)
addEventListener('pageshow', e => {
  for (const form of all('form[data-busy]')) delete form.dataset.busy
  start()
  if (e.persisted) soon(0)
})
// Waiting times and the 24-hour window grow old by themselves.
if ($('.inbox')) setInterval(() => soon(0), 60000)
for (const el of all('[data-script]')) el.hidden = false
if ($('#keys-off')) $('#keys-off').checked = !!storage('localStorage')?.getItem('keys-off')
links(document)
$('#problems')?.focus()
const draft = composer() && storage('sessionStorage')?.getItem(draftKey)
if (draft && !composer().value) composer().value = draft
