// Builds elements. All text goes in as text nodes and all attributes through setAttribute with a list of forbidden
// names, so nothing that came from the network can become markup or code.

const SVG = "http://www.w3.org/2000/svg";

/** h("td.num", { title: "…", on: { click: f } }, "text", node, …); null and false children are left out. */
function h(what, options, ...children) {
  const [name, ...classes] = what.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  return dress(element, options, children);
}

/** The same for SVG. */
function s(what, options, ...children) {
  const [name, ...classes] = what.split(".");
  const element = document.createElementNS(SVG, name);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  return dress(element, options, children);
}

function dress(element, options, children) {
  const given = options || {};
  for (const key of Object.keys(given)) {
    const value = given[key];
    if (key === "on") {
      for (const event of Object.keys(value)) element.addEventListener(event, value[event]);
    } else if (key === "style") {
      for (const rule of Object.keys(value)) element.style.setProperty(rule, value[rule]);
    } else if (value !== null && value !== undefined && value !== false && !/^on|^srcdoc$/i.test(key)) {
      element.setAttribute(key, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === "") continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child instanceof Node ? child : String(child));
  }
}

/** As append, for a list of children that may hold nothing; the element's own method would write "null". */
function add(element, ...children) {
  append(element, children);
  return element;
}

function empty(element) {
  element.replaceChildren();
  return element;
}

function icon(name, className) {
  return s("svg", { class: className || "i", "aria-hidden": "true" }, s("use", { href: "#i-" + name }));
}

function mark(name, className) {
  return s("svg", { class: className, "aria-hidden": "true" }, s("use", { href: "#" + name }));
}

/** Text that came from the network: isolated, so that right-to-left names do not reorder what stands beside them. */
function foreign(text, className) {
  return h("bdi" + (className ? "." + className : ""), null, plain(text));
}

/** Only for people who listen to the page. */
function heard(text) {
  return h("span.sr", null, text);
}

function button(label, iconName, action, options) {
  const given = options || {};
  const classes = given.class || "btn s";
  return h("button", { type: "button", class: classes, title: given.title, "aria-pressed": given.pressed, on: { click: action } }, iconName && icon(iconName), label && h("span", null, label));
}

function link(href, ...children) {
  return h("a", { href }, ...children);
}

function panel(title, note, ...children) {
  return h("section.panel", { "aria-label": title }, h("header", null, h("h2", null, title), note && h("span.note", null, note)), ...children);
}

/** What a screen shows when there is nothing to show: why, and what to do. */
function emptyState(iconName, title, text, ...actions) {
  return h("div.nothing", null, h("span.round", null, icon(iconName)), h("b", null, title), h("p", null, text), actions.length ? h("div.row", null, ...actions) : null);
}

function announce(text) {
  const place = document.getElementById("say");
  if (place && errors.count === 0) place.textContent = text;
}

/** The clipboard of a page opened from a file is not open to scripts everywhere; the older way works there. */
function copyText(text, done) {
  const older = () => {
    const field = h("textarea", { class: "sr", "aria-hidden": "true" });
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    announce(copied ? done : "The browser does not permit copying");
  };
  if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(() => announce(done), older);
  else older();
}

/** Offers text as a file without any server. */
function saveText(name, type, text) {
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: type + ";charset=utf-8" }));
  const anchor = h("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
