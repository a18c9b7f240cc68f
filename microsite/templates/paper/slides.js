// Arrows, space and page keys turn the slides, Home and End go to the ends, N shows the notes.
(() => {
  const slides = [...document.querySelectorAll(".slide")]
  const place = () => Math.max(0, slides.findIndex(slide => "#" + slide.id === location.hash))
  const show = (at, focus = true) => {
    at = Math.min(slides.length - 1, Math.max(0, at))
    slides.forEach((slide, i) => slide.classList.toggle("here", i === at))
    document.querySelector(".place").textContent = `${at + 1} / ${slides.length}`
    if (focus) {
      history.replaceState(null, "", "#" + slides[at].id)
      slides[at].focus()
    }
  }
  const here = () => slides.findIndex(slide => slide.classList.contains("here"))
  slides.forEach(slide => { slide.tabIndex = -1 })
  document.documentElement.classList.add("one")
  show(place(), false)
  addEventListener("hashchange", () => show(place()))
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("a, summary, input")) return
    const go = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": event.shiftKey ? -1 : 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 }[event.key]
    if (go) show(here() + go)
    else if (event.key === "Home") show(0)
    else if (event.key === "End") show(slides.length - 1)
    else if (event.key.toLowerCase() === "n") return document.documentElement.classList.toggle("with-notes")
    else return
    event.preventDefault()
  })
})()
