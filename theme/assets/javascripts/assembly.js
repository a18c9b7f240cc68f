// The counter of an assembly: each member's vote is chosen in form.assembly, and the same vote is counted by heads, by shares and by use.
// Without this script the form shows one worked example, and the votes are counted on paper.
(function () {
  "use strict";

  function setUp(form) {
    var rows = Array.prototype.slice.call(form.querySelectorAll("tr[data-shares]"));
    var results = Array.prototype.slice.call(form.querySelectorAll("tr[data-way]"));
    var says = form.querySelector("[role=status]");
    var number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1, useGrouping: "always" });

    function vote(row) { return row.querySelector("select").value; }

    function weight(row, way) { return way === "heads" ? 1 : Number(row.dataset[way]); }

    function sum(way, wanted) {
      return rows.reduce(function (total, row) { return total + (!wanted || vote(row) === wanted ? weight(row, way) : 0); }, 0);
    }

    function write(place, value) {
      place.value = value;
      place.textContent = number.format(value);
    }

    function show() {
      var outcomes = results.map(function (line) {
        var way = line.dataset.way, yes = sum(way, "yes"), no = sum(way, "no"), all = sum(way);
        var places = line.querySelectorAll("data");
        [yes, no, all, Math.round(yes / all * 1000) / 10].forEach(function (value, i) { write(places[i], value); });
        var outcome = !yes && !no ? "none" : yes > no ? "passed" : yes === no ? "tie" : "failed";
        line.querySelector(".outcome").textContent = outcome === "none" ? "–" : says.dataset[outcome];
        return outcome === "tie" ? "failed" : outcome;
      });
      says.textContent = outcomes[0] === "none" ? says.dataset.none
        : outcomes.every(function (outcome) { return outcome === outcomes[0]; }) ? says.dataset.same : says.dataset.differ;
    }

    // Set every vote: to the worked example, or to none.
    function set(what) {
      rows.forEach(function (row) { row.querySelector("select").value = what === "example" ? row.dataset.example : ""; });
      show();
    }

    form.addEventListener("click", function (event) {
      if (event.target.dataset && "set" in event.target.dataset) set(event.target.dataset.set);
    });
    form.addEventListener("change", show);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.querySelector(".assembly-tools").hidden = false;
    form.querySelector(".assembly-example").hidden = true;
    rows.forEach(function (row) {
      row.querySelector(".voted").hidden = true;
      row.querySelector("select").hidden = false;
    });
    set("");
  }

  document.querySelectorAll("form.assembly").forEach(setUp);
})();
