// A sum that a reader may redo: the ticked rows of form.sum are added up. Without this script every row is in it, and nothing can be ticked.
(function () {
  "use strict";

  function setUp(form) {
    var rows = Array.prototype.slice.call(form.querySelectorAll("tbody tr"));
    var result = form.querySelector("[role=status]");

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
      var language = document.documentElement.lang;
      var number = new Intl.NumberFormat(language);
      var tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
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
    // The page has the sum of all rows; a browser may have kept what was ticked on an earlier visit.
    if (!rows.every(function (row) { return box(row).checked; })) show();
  }

  document.querySelectorAll("form.sum").forEach(setUp);
})();
