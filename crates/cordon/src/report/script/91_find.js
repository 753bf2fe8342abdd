// Find (Ctrl K): devices and pages from everywhere.

const FIND_SHOWS = 8;
const PAGES = [["Devices", "devices", "devices"], ["Map", "map", "map"], ["Weaknesses", "weaknesses", "weak"], ["About", "about", "about"]];

function startFind() {
  const input = document.getElementById("find-input");
  const list = document.getElementById("find-list");
  let hits = [];
  let at = 0;

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(hit) {
    if (!hit) return;
    close();
    input.value = "";
    input.blur();
    go(hit.href);
    document.getElementById("main").focus();
  }

  function draw() {
    const text = input.value.trim().toLowerCase();
    if (!text) return close();
    hits = PAGES.filter((page) => page[0].toLowerCase().startsWith(text)).map((page) => ({ href: address(page[1], {}), icon: page[2], label: page[0], note: "page" }));
    const rest = [];
    for (const device of DATA.devices) {
      if (!device.haystack.includes(text)) continue;
      const starts = device.name.toLowerCase().startsWith(text) || device.address.startsWith(text);
      (starts ? hits : rest).push({ href: deviceAddress(device), icon: device.icon, label: device.name, note: [device.kind ? device.kindLabel : "not known yet", device.address].filter(Boolean).join(" · ") });
      if (hits.length >= FIND_SHOWS) break;
    }
    const all = hits.length + rest.length;
    hits = hits.concat(rest).slice(0, FIND_SHOWS);
    if (all > 1) hits.push({ href: address("devices", { q: input.value.trim() }), icon: "filter", label: "Filter the devices by “" + plain(input.value.trim()) + "”", note: "" });
    at = Math.min(at, Math.max(0, hits.length - 1));
    empty(list).append(...(hits.length ? hits.map((hit, index) => h("li", { role: "option", id: "find-" + index, "aria-selected": String(index === at), on: { pointerdown: (event) => {
      event.preventDefault();
      choose(hit);
    } } }, icon(hit.icon), h("span.ell", null, foreign(hit.label)), h("span.note.ell", null, hit.note))) : [h("li.none", { role: "option", "aria-selected": "false", "aria-disabled": "true" }, "Nothing fits")]));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (hits.length) input.setAttribute("aria-activedescendant", "find-" + at);
  }

  input.addEventListener("input", () => {
    at = 0;
    draw();
  });
  input.addEventListener("focus", draw);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % Math.max(1, hits.length);
      draw();
    } else if (event.key === "Enter") choose(hits[at]);
    else if (event.key === "Escape") {
      event.stopPropagation();
      input.value = "";
      close();
      input.blur();
    }
  });
}
