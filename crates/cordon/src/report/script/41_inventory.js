// The inventory: what is here, and how sure that is.

const inventory = { filter: { tokens: [], text: "" }, sort: "", columns: COLUMNS_FIRST, table: null, parts: {}, open: new Set() };
const FACETS = [["kind", "Kind"], ["state", "Identity"], ["zone", "Zone"], ["weak", "Weakness"]];
const FACET_SHOWS = 6;
const SAVED_VIEWS = [["", "All"], ["is:medical", "Medical"], ["state:unknown", "Not known"], ["is:weak", "With weakness"], ["is:conflict", "In conflict"], ["is:leaving", "Talks outside"]];

VIEWS.devices = {
  name: "devices", page: "devices",
  show(main, route) {
    inventory.filter = parseFilter(route.query.q);
    inventory.sort = route.query.sort || "";
    const parts = inventory.parts;
    parts.sub = h("span.sub");
    parts.tabs = h("nav.tabs", { "aria-label": "Saved views" });
    parts.tokens = h("span.tokens");
    parts.input = h("input", { type: "text", id: "filter", placeholder: "name, address, maker, or kind:  state:  zone:  weak:", "aria-label": "Filter the devices", autocomplete: "off", spellcheck: "false", on: { input: typed, keydown: filterKey } });
    parts.facets = h("aside.panel.facets", { "aria-label": "Filters" });
    parts.foot = h("span");
    parts.nothing = h("div.nothing-place");
    inventory.columns = readColumns(route.query.cols);
    inventory.table = inventoryTable();
    add(main,
      h("div.head", null, h("h1", null, "Devices"), parts.sub, h("span.end", null, button("Save as CSV", "save", saveInventory, { class: "btn", title: "Save the rows shown (E)" }))),
      factsStrip(), cutNote(), parts.tabs,
      h("div.row.filterbar", null, h("div.query", null, icon("search"), parts.tokens, parts.input, h("kbd", null, "/")), h("button.btn.s.narrow", { type: "button", "aria-expanded": "false", on: { click: toggleFacets } }, icon("filter"), "Filters"), columnMenu(() => inventory.columns, chooseColumns)),
      h(DATA.devices.length ? "div.two" : "div.two.alone", null, DATA.devices.length ? parts.facets : null, h("section.panel.list", { "aria-label": "Device table" }, inventory.table.element, parts.nothing, tableFoot(parts.foot))),
    );
    parts.input.value = inventory.filter.text;
    updateInventory();
  },
  keys: { j: () => inventory.table.move(1), k: () => inventory.table.move(-1), e: () => saveInventory(), "/": () => inventory.parts.input.focus() },
};

function inventoryTable() {
  return makeTable({ label: "Devices", ownOrder: true, columns: inventoryColumns(inventory.columns), sort: inventory.sort, onSort: sorted, href: (device) => deviceAddress(device) });
}

function chooseColumns(keys) {
  inventory.columns = keys;
  if (!keys.includes(inventory.sort.replace(/^-/, ""))) inventory.sort = "";
  const old = inventory.table.element;
  inventory.table = inventoryTable();
  old.replaceWith(inventory.table.element);
  updateInventory();
}

function toggleFacets(event) {
  const open = inventory.parts.facets.classList.toggle("open");
  event.currentTarget.setAttribute("aria-expanded", String(open));
}

function sorted(sort) {
  inventory.sort = sort;
  keepAddress(inventoryAddress(inventory.filter));
  inventory.parts.foot.textContent = footText();
}

function inventoryAddress(filter) {
  return address("devices", { q: filterText(filter), sort: inventory.sort, cols: inventory.columns.join() === COLUMNS_FIRST.join() ? "" : inventory.columns.join() });
}

function typed() {
  inventory.filter.text = inventory.parts.input.value;
  updateInventory();
}

/** A finished token (a space or Enter after "kind:x") leaves the text and becomes a chip; Backspace takes the last back. */
function filterKey(event) {
  const input = inventory.parts.input;
  if (event.key === "Enter" || event.key === " ") {
    const read = parseFilter(input.value);
    if (read.tokens.length) {
      event.preventDefault();
      for (const token of read.tokens) for (const value of token.values) if (!hasValue(inventory.filter, token.key, value)) inventory.filter = switchValue(inventory.filter, token.key, value);
      inventory.filter.text = read.text;
      input.value = read.text;
      updateInventory();
    } else if (event.key === "Enter") inventory.table.move(1);
  } else if (event.key === "Backspace" && input.value === "" && inventory.filter.tokens.length) {
    inventory.filter.tokens.pop();
    updateInventory();
  }
}

function setFilter(filter) {
  inventory.filter = filter;
  inventory.parts.input.value = filter.text;
  updateInventory();
}

function updateInventory() {
  const { filter, parts, table } = inventory;
  const rows = DATA.devices.filter(filterTest(filter));
  keepAddress(inventoryAddress(filter));
  table.setRows(rows);
  table.element.hidden = rows.length === 0;
  parts.sub.textContent = rows.length === DATA.devices.length ? "What is here, and how sure is that?" : count(rows.length) + " of " + count(DATA.devices.length) + " shown";
  parts.foot.textContent = footText();
  drawTabs();
  drawTokens();
  drawFacets();
  empty(parts.nothing);
  if (!rows.length) parts.nothing.append(nothingFits());
  announce(counted(rows.length, "device") + " shown");
}

function footText() {
  const column = inventoryColumns().find((one) => one.key === inventory.sort.replace(/^-/, ""));
  return counted(inventory.table.rows().length, "row") + (column ? ", sorted by " + column.label.toLowerCase() : ", medical first, then those with weaknesses");
}

function drawTabs() {
  const present = filterText(inventory.filter);
  empty(inventory.parts.tabs);
  for (const [text, label] of SAVED_VIEWS) {
    const filter = parseFilter(text);
    const number = DATA.devices.filter(filterTest(filter)).length;
    if (!number && text && present !== text) continue;
    inventory.parts.tabs.append(h("a", { href: inventoryAddress(filter), "aria-current": present === text ? "page" : null }, label, h("span.n", null, count(number))));
  }
}

function drawTokens() {
  empty(inventory.parts.tokens);
  for (const token of inventory.filter.tokens) {
    const words = token.values.map((value) => TOKEN_KEYS[token.key].text(value)).join(", ");
    inventory.parts.tokens.append(h("span.tok", null, h("b", null, TOKEN_KEYS[token.key].label), h("span.ell", null, words), h("button", { type: "button", "aria-label": "Remove the filter " + TOKEN_KEYS[token.key].label + " " + words, on: { click: () => setFilter({ tokens: inventory.filter.tokens.filter((one) => one !== token), text: inventory.filter.text }) } }, icon("close"))));
  }
}

function drawFacets() {
  const place = inventory.parts.facets;
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.facet : "";
  empty(place);
  for (const [key, label] of FACETS) {
    const values = facetCounts(inventory.filter, key);
    const all = inventory.open.has(key);
    if (key === "state") values.sort((a, b) => (STATE_RANK.get(a[0]) || 0) - (STATE_RANK.get(b[0]) || 0));
    const chosenFirst = all || key === "state" ? values : [...values].sort((a, b) => Number(hasValue(inventory.filter, key, b[0])) - Number(hasValue(inventory.filter, key, a[0])));
    const shownValues = all || values.length <= FACET_SHOWS + 1 ? chosenFirst : chosenFirst.slice(0, FACET_SHOWS);
    place.append(h("fieldset", null, h("legend", null, label), h("ul", null, shownValues.map((pair) => facetLine(key, pair))), shownValues.length < values.length || all ? facetMore(key, values.length - shownValues.length) : null));
  }
  const again = focused && [...place.querySelectorAll("[data-facet]")].find((one) => one.dataset.facet === focused);
  if (again) again.focus();
}

function facetLine(key, pair) {
  const [value, number] = pair;
  const text = TOKEN_KEYS[key].text(value);
  const box = h("input", { type: "checkbox", "data-facet": key + ":" + value, on: { change: () => setFilter(switchValue(inventory.filter, key, value)) } });
  box.checked = hasValue(inventory.filter, key, value);
  let picture = null;
  if (key === "state") picture = stateMark(value);
  else if (key === "zone" && ZONE.has(value)) picture = icon(ZONE.get(value).icon);
  else if (key === "weak" && value !== "none") picture = weaknessMark(remedyOf(value).level);
  return h("li", null, h("label", { title: text }, box, picture, h("span.grow.ell", null, text), h("span.dim", null, count(number))));
}

function facetMore(key, left) {
  const open = inventory.open.has(key);
  const toggle = () => {
    if (open) inventory.open.delete(key);
    else inventory.open.add(key);
    drawFacets();
  };
  return h("button.more", { type: "button", "data-facet": "more:" + key, on: { click: toggle } }, open ? null : icon("plus"), open ? "fewer" : count(left) + " more");
}

/** Nothing fits: names the filter whose removal gives most, and how many then appear. */
function nothingFits() {
  if (!DATA.devices.length) return emptyState("devices", "No device was seen", "The captures held no frame that Cordon could assign to a device. About says what was read and what was left out.", link(address("about", {}), "What was read"));
  let best = null;
  for (const token of inventory.filter.tokens) {
    const without = { tokens: inventory.filter.tokens.filter((one) => one !== token), text: inventory.filter.text };
    const number = DATA.devices.filter(filterTest(without)).length;
    if (!best || number > best.number) best = { number, without, words: TOKEN_KEYS[token.key].label + " " + token.values.map((value) => TOKEN_KEYS[token.key].text(value)).join(", ") };
  }
  if (inventory.filter.text) {
    const without = { tokens: inventory.filter.tokens, text: "" };
    const number = DATA.devices.filter(filterTest(without)).length;
    if (!best || number > best.number) best = { number, without, words: "“" + plain(inventory.filter.text) + "”" };
  }
  const actions = [button("Clear all", null, () => setFilter({ tokens: [], text: "" }), { class: "btn quiet s" })];
  if (best && best.number) actions.unshift(button("Remove " + best.words, null, () => setFilter(best.without)));
  return emptyState("filter", "No device fits", best && best.number ? "Without " + best.words + " there " + (best.number === 1 ? "is 1." : "are " + count(best.number) + ".") : "Nothing fits even without one of the filters.", ...actions);
}

function saveInventory() {
  saveText("cordon-devices.csv", "text/csv", csvOf(inventory.table.rows()));
  announce(counted(inventory.table.rows().length, "row") + " saved as cordon-devices.csv");
}
