// What the map does under the pointer and the focus: lights the bundles of a box, one bundle, or the peers of one device.

function pointOnMap(event) {
  const area = map.svg.getBoundingClientRect();
  const scale = map.svg.viewBox.baseVal.width / area.width;
  return [(event.clientX - area.left) * scale, (event.clientY - area.top) * scale];
}

function boxOfEvent(event) {
  const group = event.target.closest ? event.target.closest("[data-zone]") : null;
  return group ? map.model.byId.get(group.dataset.zone) : null;
}

function overMap(event) {
  const box = boxOfEvent(event);
  if (!box) {
    if (map.lit) leaveMap();
    return;
  }
  const [x, y] = pointOnMap(event);
  const member = memberAt(box, x, y);
  if (member) {
    if (map.lit !== member) lightMember(box, member);
    const device = member.device;
    const lines = [member.label, device ? (device.kind ? device.kindLabel : "not known yet") + (device.address ? " · " + device.address : "") : box.label];
    if (device && device.level) lines.push(counted(device.weakKinds.length, "kind") + " of weakness, " + LEVEL_WORDS[device.level]);
    showTip(event.clientX, event.clientY, lines);
  } else {
    if (map.lit !== box) lightBox(box);
    hideTip();
  }
}

function clickMap(event) {
  const box = boxOfEvent(event);
  if (!box) return;
  const [x, y] = pointOnMap(event);
  const member = memberAt(box, x, y);
  if (member && member.device) go(mapAddress({ focus: member.device.id, zone: "", to: "" }));
  else chooseBox(box);
}

function overLink(bundle, event) {
  clearLight();
  map.lit = bundle;
  lightLinks((one) => one === bundle);
  showTip(event.clientX, event.clientY, [bundle.a === bundle.b ? bundle.a.label + ", among themselves" : bundle.a.label + " and " + bundle.b.label, usesText(bundle, 4), counted(bundle.flows.length, "flow") + ", " + bytes(bundle.bytes)]);
}

function leaveMap() {
  hideTip();
  restMap();
}

function clearLight() {
  map.lit = null;
  if (!map.svg) return;
  map.svg.classList.remove("some");
  for (const bundle of map.model.bundles) if (bundle.line) bundle.line.setAttribute("class", bundle.atRest ? "f" : "f quiet");
  for (const box of map.model.boxes) box.element.classList.toggle("on", box === map.chosen);
  empty(map.svg.querySelector(".threads"));
  empty(map.svg.querySelector(".labels"));
}

function lightLinks(test) {
  map.svg.classList.add("some");
  for (const bundle of map.model.bundles) if (bundle.line) bundle.line.setAttribute("class", test(bundle) ? "f fs" : bundle.atRest ? "f" : "f quiet");
}

function lightBox(box) {
  if (!map.svg) return;
  clearLight();
  map.lit = box;
  const mine = map.model.bundles.filter((bundle) => bundle.a === box || bundle.b === box);
  lightLinks((bundle) => bundle.a === box || bundle.b === box);
  mine.filter((bundle) => bundle.drawn && bundle.a !== bundle.b).slice(0, 4).forEach((bundle) => linkLabel(bundle, box));
}

/** The state of the map when nothing is under the pointer: the chosen box, bundle or device. */
function restMap() {
  if (!map.svg) return;
  clearLight();
  if (map.focus) {
    const box = map.model.boxOf.get(map.focus.id);
    lightMember(box, box.members[box.index.get(map.focus.id)]);
  } else if (map.chosen && map.settings.to) {
    const other = map.model.byId.get(map.settings.to);
    lightLinks((bundle) => (bundle.a === map.chosen && bundle.b === other) || (bundle.b === map.chosen && bundle.a === other));
  } else if (map.chosen) lightBox(map.chosen);
  map.lit = null;
}

/** Threads from one mark to the marks it talks to. */
function lightMember(box, member) {
  clearLight();
  map.lit = member;
  lightLinks(() => false);
  const threads = map.svg.querySelector(".threads");
  const [x, y] = markPlace(box, box.index.get(member.key));
  const seen = new Set();
  const flows = member.device ? member.device.flows.filter((flow) => mapAdmits(flow, map.settings)) : map.model.flows.filter((flow) => flow.to.key === member.key || flow.from.key === member.key);
  for (const flow of flows) {
    const end = flow.from.key === member.key ? flow.to : flow.from;
    if (seen.has(end.key) || seen.size >= THREADS) continue;
    seen.add(end.key);
    const place = map.model.boxOf.get(end.key);
    const [otherX, otherY] = markPlace(place, place.index.get(end.key));
    const bend = Math.abs(otherX - x) < 40 ? 46 : (otherX - x) / 2;
    const leftRight = Math.abs(otherX - x) < 40 ? [x + bend, otherX + bend] : [x + bend, otherX - bend];
    threads.append(s("path", { d: "M" + x + " " + y + "C" + leftRight[0] + " " + y + " " + leftRight[1] + " " + otherY + " " + otherX + " " + otherY }), s("circle.peer", { cx: otherX, cy: otherY, r: Math.max(3.5, place.mark * 0.75) }));
  }
  threads.append(s("circle.self", { cx: x, cy: y, r: Math.max(5, box.mark * 0.9) }));
}

/** A small label on a lit bundle: in the gap beside the far box, or on its lane, pushed away from labels already there. */
function linkLabel(bundle, box) {
  const labels = map.svg.querySelector(".labels");
  const text = usesShort(bundle);
  const far = bundle.a === box ? bundle.ends[1] : bundle.ends[0];
  const near = bundle.a === box ? bundle.ends[0] : bundle.ends[1];
  const same = far[0] === near[0];
  const width = textWidth(text, 500, 12) + 12;
  const x = same ? near[0] + (bundle.sideA === "right" ? 1 : -1) * (width / 2 + 6) : (near[0] + far[0]) / 2;
  let y = bundle.lane ? bundle.laneY : near[1] + (far[1] - near[1]) * 0.5;
  for (const other of labels.querySelectorAll("g")) if (Math.abs(Number(other.dataset.y) - y) < 22 && Math.abs(Number(other.dataset.x) - x) < (width + Number(other.dataset.w)) / 2) y = Number(other.dataset.y) + 23;
  labels.append(s("g.lb", { "data-x": x, "data-y": y, "data-w": width }, s("rect", { x: x - width / 2, y: y - 10, width, height: 20, rx: 4 }), s("text", { x, y: y + 4, "text-anchor": "middle" }, text)));
}
