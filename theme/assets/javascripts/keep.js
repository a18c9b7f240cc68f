// The button that keeps an edition on the device (see microsite/templates/worker.js). Nothing is registered or stored before it is pressed.
(() => {
  "use strict"

  const box = document.querySelector(".keep[data-worker]")
  if (!box) return
  const words = JSON.parse(box.dataset.words)
  const status = box.querySelector("[role=status]")
  const arriving = box.querySelector(".keep-progress")
  const buttons = Array.from(box.querySelectorAll("button[data-keep]"))

  // What is the case, in words, and what can be done about it.
  function show(text, ...choices) {
    const pressed = document.activeElement
    status.textContent = text
    arriving.hidden = true
    buttons.forEach(button => { button.hidden = !choices.includes(button.dataset.keep) })
    if (box.contains(pressed) && pressed.hidden) status.focus()
  }

  if (!location.protocol.startsWith("http")) return show(words.local)

  // A browser that is told of the manifest offers to install the site. From disk it would only complain.
  const manifest = document.createElement("link")
  manifest.rel = "manifest"
  manifest.href = box.dataset.manifest
  document.head.append(manifest)

  if (!("serviceWorker" in navigator && "caches" in window)) return show(words.cannot)

  const workers = navigator.serviceWorker
  const worker = new URL(box.dataset.worker, location.href)
  const scope = new URL("./", worker)
  const prefix = "kept " + scope.pathname + " "

  const own = async () => (await caches.keys()).filter(name => name.startsWith(prefix))

  // The worker of a folder above answers too; it is another edition's.
  async function registered() {
    const found = await workers.getRegistration(scope)
    return found && found.scope === scope.href ? found : undefined
  }

  async function look() {
    const found = await registered()
    const some = (await own()).length > 0
    if (found && found.waiting && found.active) return show(words.newer, "update", "remove")
    if (found && found.active && some) return show(words.kept, "remove")
    if (found && found.installing) return progress(0, 0)
    return some ? show(words.offer, "keep", "remove") : show(words.offer, "keep")
  }

  // The line that is read aloud changes once only; the count beside the bar is for the eye.
  function progress(done, total) {
    if (arriving.hidden) {
      show(words.fetching)
      arriving.hidden = false
    }
    if (!total) return
    const bar = arriving.querySelector("progress")
    bar.max = total
    bar.value = done
    arriving.querySelector("span").textContent = words.count.replace("{done}", done).replace("{total}", total)
  }

  function failed() {
    show(words.failed, "keep", "remove")
  }

  function follow(registration) {
    const watch = fresh => fresh && fresh.addEventListener("statechange", () => {
      if (fresh.state === "redundant" && !registration.active) failed()
      else look()
    })
    watch(registration.installing)
    registration.addEventListener("updatefound", () => watch(registration.installing))
  }

  workers.addEventListener("message", event => {
    const said = event.data
    if (!said || said.scope !== scope.pathname) return
    if (said.failed) failed()
    else if (said.full) look()
    else if (said.done < said.total) progress(said.done, said.total)
  })

  const act = {
    async keep() {
      progress(0, 0)
      // So that the browser does not clear it away when room gets scarce.
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {})
      const registration = await workers.register(worker, { scope: scope.href, updateViaCache: "none" })
      follow(registration)
      // It was kept before, and the browser has cleared the files away or the reader has removed them just now.
      if (registration.active && !registration.installing) registration.active.postMessage("fill")
    },
    async update() {
      const registration = await registered()
      workers.addEventListener("controllerchange", () => location.reload(), { once: true })
      registration.waiting.postMessage("update")
    },
    async remove() {
      const registration = await registered()
      if (registration) await registration.unregister()
      for (const name of await own()) await caches.delete(name)
      show(words.removed, "keep")
    }
  }

  buttons.forEach(button => button.addEventListener("click", () => act[button.dataset.keep]().catch(failed)))

  registered().then(registration => {
    if (registration) {
      follow(registration)
      registration.update().catch(() => {}) // without a network there is nothing newer
    }
    return look()
  }).catch(() => show(words.cannot))
})()
