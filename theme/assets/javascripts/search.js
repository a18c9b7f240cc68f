// The search, fetched when its dialog is first opened. The theme's worker (behind workers/words.js) does the finding; this asks it and writes
// what it found. Messages to and from that worker: {type: 0, data: index}, {type: 1} ready, {type: 2, data: words}, {type: 3, data: {items}},
// where items are pages, each a list of its sections found, best first, with title and text already escaped and marked.
(function () {
  "use strict";

  var dialog = document.getElementById("search");
  var says = dialog.dataset;
  var input = dialog.querySelector("input");
  var status = dialog.querySelector("[role=status]");
  var list = dialog.querySelector("ol");
  var SHOWN = 30; // pages; who wants more types another word
  var SECTIONS = 3; // of one page
  var ELIDED = /(^|[^\p{L}\p{N}])(?:un|gl|quest|quell|dell|nell|all|dall|sull|coll|[cdlmnstv])['’](?=[\p{L}\p{N}])/giu;
  var worker = null;
  var asked = null;

  function load(address) {
    return new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  function ask() {
    var words = input.value.trim();
    if (!worker || words === asked) return;
    asked = words;
    // An Italian article that has lost its vowel would find every word with its letters: dell’impresa is looked up as impresa.
    if (words) return worker.postMessage({ type: 2, data: words.replace(ELIDED, "$1") });
    list.textContent = "";
    status.textContent = says.ask;
  }

  function link(section, css) {
    var made = document.createElement("a");
    made.className = css;
    made.href = new URL(section.location, new URL(says.base + "/", location)).href;
    made.innerHTML = section.title;
    return made;
  }

  function show(pages) {
    status.textContent = pages.length === 1 ? says.one : pages.length ? says.many.replace("{}", pages.length) : says.none;
    list.textContent = "";
    pages.slice(0, SHOWN).forEach(function (sections) {
      var item = document.createElement("li");
      item.className = "md-search-result__item";
      // The page itself comes first if it was found, and else stands for its sections.
      var page = sections.find(function (section) { return section.location.indexOf("#") < 0; }) || sections[0];
      item.append(link(page, "md-search-result__link"));
      sections.filter(function (section) { return section !== page; }).slice(0, SECTIONS).forEach(function (section) {
        item.append(link(section, "section"));
      });
      var text = [page].concat(sections).find(function (section) { return /<mark/.test(section.text || ""); });
      if (text) {
        // Paragraphs and cells of the extract run on in one line.
        var extract = document.createElement("p");
        extract.innerHTML = text.text.replace(/<(?!\/?mark>)[^>]*>/g, " ");
        item.append(extract);
      }
      list.append(item);
    });
    list.scrollTop = 0;
  }

  // Down and up go through what was found; Enter in the field takes the first.
  dialog.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    var stops = [input].concat(Array.from(list.querySelectorAll("a")));
    var next = stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length];
    event.preventDefault();
    next.focus();
  });
  dialog.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
    var first = list.querySelector("a");
    if (first && asked === input.value.trim()) first.click();
  });
  list.addEventListener("click", function (event) { if (event.target.closest("a")) dialog.close(); });
  input.addEventListener("input", ask);

  // A browser runs no worker from disk; the shim puts an iframe in its place.
  status.textContent = says.wait;
  Promise.all([load(says.index), location.protocol === "file:" ? load(says.shim) : null]).then(function () {
    var made = new Worker(new URL(says.worker, location).href);
    made.onmessage = function (message) {
      if (message.data.type === 1) {
        worker = made;
        status.textContent = says.ask;
        ask();
      }
      // An answer to an older question is dropped.
      if (message.data.type === 3 && input.value.trim() === asked && asked) show(message.data.data.items);
    };
    made.postMessage({ type: 0, data: { config: __index.config, docs: __index.docs, options: { suggest: false } } });
  });
})();
