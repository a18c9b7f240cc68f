// What the tests of accessibility ask a page. Each function returns a list of complaints in words, empty where all is well.
// eslint-disable-next-line no-unused-vars
const audit = (() => {
  const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [role=button]";

  function name(element) {
    const text = (element.getAttribute("aria-label") || element.textContent || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
    const part = element.closest("[class]");
    return `${element.localName}${element.id ? "#" + element.id : ""}${part ? "." + part.classList[0] : ""} “${text}”`;
  }

  function seen(element) {
    return element.checkVisibility({ opacityProperty: false, visibilityProperty: true }) && element.getClientRects().length > 0;
  }

  function ring(element) {
    const style = getComputedStyle(element);
    // "auto" is the browser's own ring, whose width it does not tell.
    const outline = style.outlineStyle === "auto" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && alpha(style.outlineColor) > 0.5);
    return { outline: outline ? `${style.outlineWidth} ${style.outlineColor}` : "", shadow: style.boxShadow };
  }

  function alpha(color) {
    const parts = color.match(/[\d.]+/g) || [];
    return color === "transparent" ? 0 : parts.length === 4 ? Number(parts[3]) : 1;
  }

  // The element with the focus and what is wrong with how it shows; null where nothing has it. `ringed` keeps how it looks with the
  // focus until that has moved on, when it is compared with how it looks without.
  let ringed = null;
  function focused() {
    const complaints = unringed();
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return { element: null, complaints };
    ringed = { element, ring: ring(element) };
    const rects = Array.from(element.getClientRects()).filter((rect) => rect.width > 0 && rect.height > 0);
    if (!rects.length || !seen(element)) complaints.push(`${name(element)}: has the focus but is hidden`);
    else {
      // Of each box the part in the window, and nine points of it.
      const parts = rects.map(inWindow).filter((part) => part.width > 0 && part.height > 0);
      const inside = parts.flatMap((part) => [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [part.left + part.width * x, part.top + part.height * y])));
      if (!inside.length) complaints.push(`${name(element)}: has the focus off-screen`);
      else if (!inside.some(([x, y]) => hits(element, document.elementFromPoint(x, y)))) complaints.push(`${name(element)}: has the focus behind something`);
    }
    return { element: name(element), complaints };
  }

  function inWindow(rect) {
    const left = Math.max(rect.left, 0), top = Math.max(rect.top, 0);
    return { left, top, width: Math.min(rect.right, innerWidth) - left, height: Math.min(rect.bottom, innerHeight) - top };
  }

  function hits(element, found) {
    const labels = element.labels ? Array.from(element.labels) : [];
    return found !== null && (element.contains(found) || found.contains(element) || labels.some((label) => label.contains(found)));
  }

  function unringed() {
    if (!ringed || !ringed.element.isConnected || ringed.element === document.activeElement) return [];
    const { element, ring: then } = ringed;
    ringed = null;
    const now = ring(element);
    const shown = (then.outline && then.outline !== now.outline) || (then.shadow !== "none" && then.shadow !== now.shadow);
    return shown ? [] : [`${name(element)}: looks the same with the focus as without`];
  }

  // WCAG 2.5.8: 24 by 24 pixels, or so far from every other target that a circle of 24 touches none. Links in a sentence are exempt.
  function targets() {
    const all = Array.from(document.querySelectorAll(INTERACTIVE)).filter((element) => seen(element) && !element.closest("[inert]") && onTop(element));
    const boxes = all.map(box);
    const small = boxes.map((b) => b.width < 23.5 || b.height < 23.5);
    return all.flatMap((element, i) => {
      if (!small[i] || inSentence(element) || element.matches(".skip:not(:focus), .visually-hidden")) return [];
      const near = boxes.some((b, j) => j !== i && !element.contains(all[j]) && !all[j].contains(element) && reach(boxes[i], b, small[j]));
      return near ? [`${name(element)}: ${Math.round(boxes[i].width)} by ${Math.round(boxes[i].height)} pixels, next to another`] : [];
    });
  }

  function onTop(element) {
    const modal = document.querySelector("dialog:modal");
    return !modal || modal.contains(element);
  }

  function box(element) {
    // Whoever hits the words beside a field hits the field.
    const rects = [element, ...(element.labels || [])].flatMap((one) => Array.from(one.getClientRects()));
    const left = Math.min(...rects.map((r) => r.left)), right = Math.max(...rects.map((r) => r.right));
    const top = Math.min(...rects.map((r) => r.top)), bottom = Math.max(...rects.map((r) => r.bottom));
    return { left, right, top, bottom, width: right - left, height: bottom - top };
  }

  function reach(a, b, bIsSmall) {
    const x = (a.left + a.right) / 2, y = (a.top + a.bottom) / 2;
    if (bIsSmall) return Math.hypot(x - (b.left + b.right) / 2, y - (b.top + b.bottom) / 2) < 23.5;
    const dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom);
    return Math.hypot(dx, dy) < 11.75;
  }

  function inSentence(element) {
    if (!getComputedStyle(element).display.startsWith("inline")) return false;
    let block = element.parentElement;
    while (block && getComputedStyle(block).display === "inline") block = block.parentElement;
    if (!block) return false;
    const text = block.cloneNode(true);
    text.querySelectorAll(INTERACTIVE).forEach((other) => other.remove());
    return /\S/.test(text.textContent);
  }

  // Text that its box cuts off, now that lines and letters stand further apart.
  function clipped() {
    return Array.from(document.querySelectorAll("body *")).flatMap((element) => {
      const style = getComputedStyle(element);
      if (!/hidden|clip/.test(style.overflow + style.overflowX + style.overflowY) || !element.textContent.trim() || !seen(element)) return [];
      if (element.closest("svg") || style.clipPath !== "none" || style.webkitLineClamp !== "none") return []; // hidden on purpose, or only an extract
      const wide = /hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
      const high = /hidden|clip/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 1;
      return wide || high ? [`${name(element)}: cut off`] : [];
    });
  }

  function sideways() {
    const width = document.documentElement.scrollWidth;
    return width > innerWidth ? [`${width} pixels wide in a window of ${innerWidth}`] : [];
  }

  // What stays in place while the page scrolls, at 400 % zoom: it must leave room to read.
  function inTheWay() {
    const kept = Array.from(document.querySelectorAll("body *")).filter((element) => {
      const { position, bottom, top } = getComputedStyle(element);
      return seen(element) && (position === "fixed" || (position === "sticky" && (bottom !== "auto" || top !== "auto"))) && element.getBoundingClientRect().width > innerWidth / 2;
    });
    return kept.filter((element) => element.getBoundingClientRect().height > innerHeight / 3).map((element) => `${name(element)}: takes more than a third of the height`);
  }

  // In colours that the device forces, grounds and shadows are gone: a control needs an edge, or the line under a link.
  function edges() {
    const controls = Array.from(document.querySelectorAll("button, select, input:not([type=hidden]), textarea")).filter((element) => seen(element) && onTop(element));
    const bare = controls.filter((element) => {
      const style = getComputedStyle(element);
      const natural = element.matches("[type=radio], [type=checkbox]") && style.appearance !== "none";
      return !natural && !(style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) >= 1 && alpha(style.borderTopColor) > 0.5);
    });
    return bare.map((element) => `${name(element)}: has no edge`);
  }

  // Without scripts: text that nobody can come to see, there or in another place. What a fold holds is seen when it is opened.
  function unseen() {
    const texts = Array.from(document.querySelectorAll("main :is(h1, h2, h3, h4, p, li, dt, dd, th, td, caption, figcaption, blockquote, summary)")).filter((element) =>
      Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()));
    const reached = texts.filter((element) => {
      const fold = element.closest("details");
      return seen(fold && element.localName !== "summary" ? fold.querySelector("summary") || fold : element);
    });
    const there = reached.map((element) => element.textContent).join("\n");
    // Controls wait for their script.
    return texts.filter((element) => !reached.includes(element) && !element.closest("form[hidden], [role=status]") && !there.includes(element.textContent.trim())).map(name);
  }

  // Contrast of two colours by WCAG, each any CSS colour.
  function contrast(one, other) {
    const [a, b] = [luminance(one), luminance(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  function luminance(color) {
    const pad = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    pad.fillStyle = color;
    pad.fillRect(0, 0, 1, 1);
    const [r, g, b] = Array.from(pad.getImageData(0, 0, 1, 1).data).map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  // What a colour comes to on this page: `var(--ink)`, `color-mix(...)`; with the class of a principle if one is given.
  function color(value, css) {
    const probe = document.createElement("i");
    probe.className = css || "";
    probe.style.setProperty("color", value, "important");
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  return { focused, targets, clipped, sideways, inTheWay, edges, unseen, contrast, color };
})();
