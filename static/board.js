// Drags cards of the board: PATCH with the version that was seen; then the board is read again. Without it the Move page does the same.
const board = document.getElementById('board'), data = board.dataset
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
