// What a reader may choose to see: form.filter[data-filter=x] chooses among the entries of [data-filtered=x].
// Without this script the forms are not shown and every entry is shown.
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
    show(); // a browser may have kept the choice from an earlier visit
    reveal();
  }

  document.querySelectorAll("form.filter[data-filter]").forEach(setUp);
})();
