/*
 * Keeps one edition on a reader's device, and serves it from there when the network does not.
 *
 * The build writes this file. It is registered by assets/javascripts/keep.js when a reader asks for it, and by nothing else. Each file
 * is kept under its path and the hash of its content, so an update fetches only what has changed.
 */
"use strict"

const FILES = {{ files|tojson }}
const SCOPE = new URL("./", self.location)
const PREFIX = "kept " + SCOPE.pathname + " "
const CACHE = PREFIX + "{{ version }}"
const PATIENCE = 4000 // milliseconds that the network has, before the kept copy is shown

const keyOf = path => new URL(path + "?" + FILES[path], SCOPE).href
const isHashed = path => /[.-][0-9a-f]{8,64}\.([a-z]+\.)?[a-z0-9]+$/.test(path)

// Keeping -----------------------------------------------------------------------------------------

async function tell(message) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true })
  pages.forEach(page => page.postMessage({ scope: SCOPE.pathname, ...message }))
}

async function fill() {
  const cache = await caches.open(CACHE)
  const names = (await caches.keys()).filter(name => name.startsWith(PREFIX) && name !== CACHE)
  const older = await Promise.all(names.map(name => caches.open(name)))
  const waiting = Object.keys(FILES)
  const total = waiting.length
  let done = 0
  let broken = false

  async function take() {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      await keep(path)
      done += 1
      if (!broken) tell({ done, total })
    }
  }

  async function keep(path) {
    const key = keyOf(path)
    if (await cache.match(key)) return
    for (const last of older) {
      const same = await last.match(key, { ignoreVary: true })
      if (same) return cache.put(key, same)
    }
    const answer = await fetch(new URL(path, SCOPE), { cache: "no-cache" })
    if (!answer.ok) throw new Error(path + ": " + answer.status)
    // Without its address, which would be taken for that of the request: a host may lead from one to a shorter one, of which a browser
    // shows no page, and the search worker is told something behind a question mark.
    return cache.put(key, new Response(answer.body, { headers: answer.headers }))
  }

  try {
    await Promise.all(Array.from({ length: 6 }, take))
  } catch (error) {
    broken = true
    waiting.length = 0
    tell({ failed: true })
    throw error
  }
}

async function clear() {
  const names = await caches.keys()
  await Promise.all(names.filter(name => name.startsWith(PREFIX) && name !== CACHE).map(name => caches.delete(name)))
}

self.addEventListener("install", event => event.waitUntil(fill()))
self.addEventListener("activate", event => event.waitUntil(clear().then(() => self.clients.claim())))
self.addEventListener("message", event => {
  if (event.data === "update") self.skipWaiting()
  if (event.data === "fill") event.waitUntil(fill().then(() => tell({ full: true }), () => {}))
})

// Serving -----------------------------------------------------------------------------------------

/* The kept file that a request is for. Hosts show tradition/index.html as tradition/, and some rochdale.html as rochdale. */
function pathOf(request) {
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return undefined
  const path = decodeURIComponent(url.pathname.slice(SCOPE.pathname.length))
  return [path, path + ".html", path.replace(/(^|\/)$/, "$1index.html")].find(name => Object.hasOwn(FILES, name))
}

const kept = path => caches.match(keyOf(path), { cacheName: CACHE, ignoreVary: true })

/* The network first, so that whoever has one sees the newest page; the kept copy if it fails, or takes long. */
async function newest(request, path) {
  const asked = fetch(request)
  const slow = new Promise(resolve => setTimeout(resolve, PATIENCE))
  try {
    const answer = await Promise.race([asked, slow])
    if (answer && answer.status < 500) return answer
  } catch {
    // no network
  }
  return (await kept(path)) || asked
}

self.addEventListener("fetch", event => {
  const path = pathOf(event.request)
  if (path === undefined) return
  // A file with a hash in its name never changes.
  event.respondWith(isHashed(path) ? kept(path).then(found => found || fetch(event.request)) : newest(event.request, path))
})
