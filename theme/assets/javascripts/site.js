// What every page needs of scripts: the choice of colours, the search button, folds on paper. All else is
// fetched by the pages or at the moment that need it.
(function () {
  "use strict";

  // Colours: as the device has them, light, dark. The choice is kept on this device only, if it allows that.
  var colours = document.getElementById("colours");
  var choices = ["system", "light", "dark"];
  var names = colours.dataset.names.split("|");
  function name() {
    var chosen = choices.indexOf(document.documentElement.dataset.colours);
    var label = colours.dataset.label.replace("{}", names[Math.max(chosen, 0)]);
    colours.querySelector(".name").textContent = label;
    colours.title = label;
  }
  colours.addEventListener("click", function () {
    var next = choices[(choices.indexOf(document.documentElement.dataset.colours) + 1) % choices.length];
    document.documentElement.dataset.colours = next;
    try { localStorage.setItem("colours", next); } catch (refused) { /* then for this page only */ }
  });
  name();
  new MutationObserver(name).observe(document.documentElement, { attributeFilter: ["data-colours"] });

  // The menu is a popover, which the browser opens, closes and announces; a link inside the page closes it too.
  var menu = document.getElementById("menu");
  menu.addEventListener("click", function (event) {
    if (event.target.closest("a") && menu.matches(":popover-open")) menu.hidePopover();
  });

  // The other edition has the same ids: its link leads to the section that the reader is in.
  document.querySelectorAll(".language").forEach(function (link) {
    link.addEventListener("click", function () { link.hash = location.hash; });
  });

  // Search: the dialog opens and takes what is typed at once, while its script and index are still on their way.
  var button = document.getElementById("open-search");
  var dialog = document.getElementById("search");
  button.addEventListener("click", function () {
    dialog.showModal();
    dialog.querySelector("input").focus();
    button.setAttribute("aria-expanded", "true");
    if (!button.dataset.script) return;
    var script = document.createElement("script");
    script.src = button.dataset.script;
    document.head.append(script);
    delete button.dataset.script;
  });
  dialog.addEventListener("close", function () {
    button.setAttribute("aria-expanded", "false");
    button.focus();
  });
  // A field for searches keeps the key to itself in some browsers, and the dialog would stay.
  dialog.addEventListener("keydown", function (event) { if (event.key === "Escape") dialog.close(); });
  dialog.addEventListener("click", function (event) {
    if (event.target === dialog || event.target.closest(".close")) dialog.close();
  });

  // A long list is laid out as it comes into sight, which would miss the place that an address leads to: then all of it is, as in theme/main.html.
  addEventListener("hashchange", function () {
    var place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place || document.documentElement.classList.contains("aimed")) return;
    document.documentElement.classList.add("aimed");
    place.scrollIntoView();
  });

  // On paper every fold is open; afterwards those that were closed are closed again.
  var opened = [];
  addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (fold) { fold.open = true; });
  });
  addEventListener("afterprint", function () { opened.forEach(function (fold) { fold.open = false; }); });
})();
