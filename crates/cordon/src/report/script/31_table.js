// The table of every view: header that sorts, rows of one height, keys J and K. Above WINDOW_FROM rows only those in
// sight (and a few beside them) exist as elements, so 5,000 devices scroll as lightly as 50.

const WINDOW_FROM = 300;
const ROWS_BESIDE = 12;
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compareValues(a, b) {
  const nothingA = a === null || a === undefined || a === "";
  const nothingB = b === null || b === undefined || b === "";
  if (nothingA || nothingB) return nothingA === nothingB ? 0 : nothingA ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

/**
 * columns: { key, label, width, least (pixels, where the width is a share), class, value(row), cell(row), first: "down" when the largest comes first }
 * options: { label, columns, ownOrder when the rows come in an order of their own, sort: "key", "-key" or "", onSort(sort), href(row), onRow(row), rowClass(row), caption }
 * gives { element, setRows(rows), move(step), rowCount() }
 */
function makeTable(options) {
  const columns = options.columns.filter(Boolean);
  const state = { rows: [], sort: options.sort || "", from: -1, to: -1, active: -1, rowHeight: 32 };
  const body = h("tbody");
  const head = h("thead", null, h("tr", null, columns.map((column) => headCell(column, state, sortBy))));
  const table = h("table.data.fixed", { "aria-label": options.label, style: { "--least": leastWidth(columns) + "px" } }, h("colgroup", null, columns.map((column) => h("col.col-" + column.key + (/\b(wide|roomy|late)\b/.exec(column.class || "") || [""])[0].replace(/^./, ".$&"), { style: column.width ? { width: column.width } : {} }))), head, body);
  const element = h("div.scroll", { tabindex: "0", role: "region", "aria-label": options.label }, table);
  let waiting = 0;

  function sortBy(column) {
    const down = state.sort === "-" + column.key;
    const up = state.sort === column.key;
    const first = column.first === "down" ? "-" + column.key : column.key;
    // The third time gives back the order that the view has by itself, if it has one.
    const again = options.ownOrder && (up || down) && state.sort !== first;
    state.sort = again ? "" : up ? "-" + column.key : down ? column.key : first;
    if (options.onSort) options.onSort(state.sort);
    setRows(state.rows);
  }

  function setRows(rows) {
    state.rows = sortRows(rows, columns, state.sort);
    state.active = -1;
    head.querySelectorAll("th").forEach((cell, index) => markSort(cell, columns[index], state.sort));
    element.scrollTop = 0;
    draw(true);
  }

  function draw(all) {
    const total = state.rows.length;
    const windowed = total > WINDOW_FROM;
    const height = element.clientHeight || 640;
    const from = windowed ? Math.max(0, Math.floor(element.scrollTop / state.rowHeight) - ROWS_BESIDE) : 0;
    const to = windowed ? Math.min(total, from + Math.ceil(height / state.rowHeight) + 2 * ROWS_BESIDE) : total;
    if (!all && from === state.from && to === state.to) return;
    state.from = from;
    state.to = to;
    table.setAttribute("aria-rowcount", String(total + 1));
    empty(body);
    if (from > 0) body.append(spacer(from * state.rowHeight));
    for (let index = from; index < to; index += 1) body.append(rowElement(index, windowed));
    if (to < total) body.append(spacer((total - to) * state.rowHeight));
    const first = body.querySelector("tr[data-row]");
    if (first && first.offsetHeight) state.rowHeight = first.offsetHeight;
  }

  function rowElement(index, windowed) {
    const row = state.rows[index];
    const element = h("tr" + (options.rowClass ? options.rowClass(row) : ""), { "data-row": index, "aria-rowindex": windowed ? index + 2 : null }, columns.map((column) => h("td" + (column.class ? "." + column.class : ""), null, column.cell(row))));
    if (index === state.active) element.classList.add("active");
    return element;
  }

  /** Moves the active row and the focus on its link; the window follows first. */
  function move(step) {
    if (!state.rows.length) return;
    const next = Math.min(state.rows.length - 1, Math.max(0, state.active + step));
    state.active = next;
    const top = next * state.rowHeight;
    const headHeight = head.offsetHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    if (top + state.rowHeight * 2 + headHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + state.rowHeight * 2 + headHeight - element.clientHeight;
    draw(true);
    const row = body.querySelector('tr[data-row="' + next + '"]');
    const target = row && row.querySelector("a, button");
    if (target) target.focus({ preventScroll: true });
  }

  element.addEventListener("scroll", () => {
    if (!waiting) waiting = requestAnimationFrame(() => {
      waiting = 0;
      if (state.rows.length > WINDOW_FROM) draw(false);
    });
  }, { passive: true });
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (!row || event.target.closest("a, button, summary") || String(getSelection())) return;
    if (options.onRow) options.onRow(state.rows[Number(row.dataset.row)]);
    else if (options.href) go(options.href(state.rows[Number(row.dataset.row)]));
  });
  return { element, setRows, move, redraw: () => draw(true), rows: () => state.rows };
}

/** What the columns need before the table scrolls sideways; one without a width still wants to be read. */
function leastWidth(columns) {
  return columns.reduce((sum, column) => sum + (column.least || parseInt(column.width, 10) || 150), 0);
}

function headCell(column, state, sortBy) {
  const name = h("th" + (column.class ? "." + column.class : ""), { scope: "col", "data-key": column.key });
  if (!column.value) name.append(column.label);
  else name.append(h("button.sort", { type: "button", on: { click: () => sortBy(column) } }, h("span", null, column.label)));
  markSort(name, column, state.sort);
  return name;
}

function markSort(cell, column, sort) {
  const down = sort === "-" + column.key;
  const up = sort === column.key;
  if (up || down) cell.setAttribute("aria-sort", up ? "ascending" : "descending");
  else cell.removeAttribute("aria-sort");
}

function sortRows(rows, columns, sort) {
  const key = sort.replace(/^-/, "");
  const column = columns.find((one) => one.key === key);
  if (!column || !column.value) return rows.slice();
  const factor = sort.startsWith("-") ? -1 : 1;
  const keyed = rows.map((row, index) => ({ row, index, value: column.value(row) }));
  const blank = (value) => value === null || value === undefined || value === "";
  keyed.sort((a, b) => {
    if (blank(a.value) || blank(b.value)) return compareValues(a.value, b.value) || a.index - b.index;
    return factor * compareValues(a.value, b.value) || a.index - b.index;
  });
  return keyed.map((one) => one.row);
}

/** One cell: a span over all columns would bring back those that a narrow page leaves out. */
function spacer(height) {
  return h("tr.spacer", { "aria-hidden": "true", style: { height: height + "px" } }, h("td"));
}

/** The line under a table: how many rows, and the keys. */
function tableFoot(text, keys) {
  return h("footer.foot", null, text, h("span.end", null, (keys || [["J", "K", "move"], ["Enter", "open"], ["?", "all keys"]]).map((row) => h("span.hint", null, row.slice(0, -1).map((key) => h("kbd", null, key)), row[row.length - 1]))));
}
