// What a reader may choose to see: form.filter[data-filter=x] chooses among the entries of [data-filtered=x].
// Without this script the forms stay hidden and every entry is shown.
(function () {
  "use strict";

  function setUp(form) {
    var list = document.querySelector('[data-filtered="' + form.dataset.filter + '"]');
    if (!list) return;
    var entries = Array.prototype.filter.call(list.querySelectorAll("li, article"), function (entry) {
      return entry.parentNode.closest("li, article") === null || !list.contains(entry.parentNode.closest("li, article"));
    });
    // Drawings that follow the choice, such as the arcs of the map of exchanges.
    var marks = Array.prototype.slice.call(document.querySelectorAll('[data-follows="' + form.dataset.filter + '"] [data-continent]'));
    var selects = Array.prototype.slice.call(form.querySelectorAll("select"));
    var status = form.querySelector("[role=status]");

    function fits(entry) {
      return selects.every(function (select) {
        return !select.value || (entry.dataset[select.name] || "").split(" ").indexOf(select.value) >= 0;
      });
    }

    function show() {
      var shown = 0;
      entries.forEach(function (entry) {
        entry.hidden = !fits(entry);
        if (!entry.hidden) shown += 1;
      });
      marks.forEach(function (mark) { mark.style.display = fits(mark) ? "" : "none"; });
      list.querySelectorAll("ol.century").forEach(function (century) {
        century.hidden = !century.querySelector(":scope > li:not([hidden])");
      });
      status.textContent = shown
        ? status.dataset.shown.replace("{n}", shown).replace("{total}", entries.length)
        : status.dataset.none;
    }

    // Somebody follows a link to an entry that the choice has hidden: show everything, then go there.
    function reveal() {
      var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target || !list.contains(target) || target.getClientRects().length) return;
      selects.forEach(function (select) { select.value = ""; });
      show();
      target.scrollIntoView();
    }

    form.addEventListener("change", show);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    addEventListener("hashchange", reveal);
    form.hidden = false;
    show(); // a browser may have kept the choice from an earlier visit
    reveal();
  }

  document.querySelectorAll("form.filter[data-filter]").forEach(setUp);
})();

// A sum that a reader may redo: the ticked rows of form.sum are added up. Without this script every row is in it, and nothing can be ticked.
(function () {
  "use strict";

  function setUp(form) {
    var rows = Array.prototype.slice.call(form.querySelectorAll("tbody tr"));
    var result = form.querySelector("[role=status]");
    var language = document.documentElement.lang;
    var number = new Intl.NumberFormat(language);
    var tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

    function box(row) { return row.querySelector("input"); }

    function sum(taken, key) {
      return taken.reduce(function (total, row) { return total + Number(row.dataset[key]); }, 0);
    }

    function write(part, value, shown) {
      var place = result.querySelector('[data-part="' + part + '"]');
      place.value = value;
      place.textContent = shown;
    }

    function show() {
      var taken = rows.filter(function (row) { return box(row).checked; });
      var total = sum(taken, "members");
      var rate = total * 100 / sum(taken, "inhabitants");
      var share = sum(taken, "people") * 100 / Number(result.dataset.people);
      var years = taken.length ? [
        Math.min.apply(null, taken.map(function (row) { return row.dataset.first; })),
        Math.max.apply(null, taken.map(function (row) { return row.dataset.last; }))
      ] : [];
      write("total", total, number.format(total));
      write("some", taken.length, number.format(taken.length));
      write("years", years.join("/"), years[0] === years[1] ? years[0] || "–" : years.join("–"));
      write("rate", taken.length ? rate : "", taken.length ? tenths.format(rate) : "–");
      write("share", share, tenths.format(share));
    }

    form.addEventListener("click", function (event) {
      var tick = event.target.dataset.tick;
      if (!tick) return;
      rows.forEach(function (row) { box(row).checked = tick === "all" || (tick === "recent" && !("old" in row.dataset)); });
      show();
    });
    form.addEventListener("change", show);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    rows.forEach(function (row) { box(row).hidden = false; });
    form.querySelector(".sum-tools").hidden = false;
    show();
  }

  document.querySelectorAll("form.sum").forEach(setUp);
})();
