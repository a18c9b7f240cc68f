/* Makes each question on a page one to answer: native fields, a button, the result in words, every reason at once.
   Without this script the question, its options and a fold with answer and reasons are there already. Nothing is kept or sent. */
(function () {
  "use strict"

  function make(tag, attributes, text) {
    var element = document.createElement(tag)
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]) })
    if (text) element.textContent = text
    return element
  }

  function shuffled(items) {
    items = items.slice()
    for (var i = items.length - 1; i > 0; i--) {
      var j = Math.floor(Math.random() * (i + 1)), kept = items[i]
      items[i] = items[j]
      items[j] = kept
    }
    return items
  }

  function number(text) {
    // Both 1,234.5 and 1.234,5: the page's language says which sign parts the decimals.
    var decimal = (1.5).toLocaleString(document.documentElement.lang).charAt(1)
    var cleaned = text.replace(/[^\d,.\-−]/g, "").replace("−", "-")
    cleaned = decimal === "," ? cleaned.replace(/\./g, "").replace(",", ".") : cleaned.replace(/,/g, "")
    return cleaned === "" ? NaN : Number(cleaned)
  }

  function plain(text) {
    return text.trim().toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim()
  }

  function field(label, control) {
    var line = make("p", { class: "field" })
    var name = make("label", { for: control.id }, label)
    line.append(name, " ", control)
    return line
  }

  function chooser(id, options) {
    var select = make("select", { id: id })
    select.append(make("option", { value: "" }, "–"))
    options.forEach(function (option) { select.append(make("option", { value: option.value }, option.text)) })
    return select
  }

  /* Each builder fills the fieldset and returns a function that says true, false or null (nothing chosen yet). */
  var builders = {
    choice: function (question, fieldset, id, words, again) {
      var several = question.dataset.type === "multiple"
      var items = Array.from(question.querySelectorAll(".options > li"))
      // Each option keeps the letter that its reason goes by, also when they are mixed for another try.
      var lettered = items.map(function (item, place) { return { item: item, place: place } })
      if (again && question.dataset.type !== "truefalse") lettered = shuffled(lettered)
      lettered.forEach(function (entry) {
        var item = entry.item, place = entry.place
        var input = make("input", { type: several ? "checkbox" : "radio", name: id, id: id + "-" + place })
        var label = make("label", { for: input.id }, "ABCDEFGH".charAt(place) + "  " + item.textContent)
        var line = make("p", { class: "choice" })
        line.append(input, label)
        if (item.hasAttribute("data-correct")) input.dataset.correct = ""
        fieldset.append(line)
      })
      return function () {
        var inputs = Array.from(fieldset.querySelectorAll("input"))
        if (!inputs.some(function (input) { return input.checked })) return null
        return inputs.every(function (input) { return input.checked === ("correct" in input.dataset) })
      }
    },
    numeric: function (question, fieldset, id, words) {
      var input = make("input", { type: "text", inputmode: "decimal", id: id, autocomplete: "off" })
      fieldset.append(field(words.your_answer, input))
      return function () {
        if (!input.value.trim()) return null
        return Math.abs(number(input.value) - Number(question.dataset.answer)) <= Number(question.dataset.tolerance) + 1e-9
      }
    },
    short: function (question, fieldset, id, words) {
      var input = make("input", { type: "text", id: id, autocomplete: "off" })
      fieldset.append(field(words.your_answer, input))
      var accepted = Array.from(question.querySelectorAll(".accepted > li")).map(function (item) { return plain(item.textContent) })
      return function () { return input.value.trim() ? accepted.indexOf(plain(input.value)) >= 0 : null }
    },
    match: function (question, fieldset, id) {
      var partners = shuffled(Array.from(question.querySelectorAll(".partners > li"))).map(function (item) {
        return { value: item.dataset.of, text: item.textContent }
      })
      Array.from(question.querySelectorAll(".pairs > li")).forEach(function (item, place) {
        fieldset.append(field(item.textContent, chooser(id + "-" + place, partners)))
      })
      return selected(fieldset, function (place) { return String(place) })
    },
    order: function (question, fieldset, id, words) {
      var items = shuffled(Array.from(question.querySelectorAll(".steps > li")))
      var places = items.map(function (_, place) { return { value: String(place + 1), text: words.place + " " + (place + 1) } })
      items.forEach(function (item, place) { fieldset.append(field(item.textContent, chooser(id + "-" + place, places))) })
      return selected(fieldset, function (place) { return items[place].dataset.place })
    }
  }
  builders.single = builders.multiple = builders.truefalse = builders.choice

  function selected(fieldset, right) {
    return function () {
      var selects = Array.from(fieldset.querySelectorAll("select"))
      if (selects.some(function (select) { return !select.value })) return null
      return selects.every(function (select, place) { return select.value === right(place) })
    }
  }

  function enliven(question) {
    var words = JSON.parse(question.dataset.words)
    var fold = question.querySelector("details.answer")
    var lists = question.querySelectorAll(".options, .pairs, .partners, .steps")
    var form = make("form", { class: "ask" })
    fold.before(form)
    lists.forEach(function (list) { list.hidden = true })
    fold.hidden = true

    function ask(again) {
      var stem = question.querySelector(".stem")
      form.textContent = ""
      var fieldset = make("fieldset")
      fieldset.append(make("legend", { class: "visually-hidden" }, stem.textContent))
      var judge = builders[question.dataset.type](question, fieldset, question.id + "-field", words, again)
      var button = make("button", { type: "submit" }, words.check)
      var result = make("p", { role: "status", class: "result" })
      form.append(fieldset, button, result)
      form.onsubmit = function (event) {
        event.preventDefault()
        if (fieldset.disabled) return tryAgain()
        var right = judge()
        if (right === null) {
          result.textContent = words.choose
          return
        }
        result.textContent = right ? words.all_right : words.not_right
        result.className = "result " + (right ? "right" : "wrong")
        fieldset.disabled = true
        fold.hidden = false
        fold.open = true
        button.textContent = words.again
      }
    }

    function tryAgain() {
      fold.hidden = true
      fold.open = false
      ask(true)
      var first = form.querySelector("input, select")
      if (first) first.focus()
    }

    ask()
  }

  // One at a time, so that a slow device answers its reader in between; all at once where a link leads to one, or its place would move.
  var waiting = Array.from(document.querySelectorAll(".question[data-type]"))
  function next() {
    if (!waiting.length) return
    enliven(waiting.shift())
    if (location.hash) next()
    else setTimeout(next)
  }
  next()
})()
