// Where everything on the map stands: three columns of boxes, marks in rows inside, bundles along lanes between boxes.
// Small boxes name their devices; large ones show one mark each, as large as the height allows.

/** Gives every box and bundle its place; the map is at least `wished` high, more if even the smallest marks need it. */
function placeMap(model, width, wished) {
  const columns = [0, 1, 2].map((number) => model.boxes.filter((box) => box.zone.column === number));
  const used = columns.filter((list) => list.length);
  const widths = COLUMN_SHARES.map((part) => Math.round(part * width));
  const side = 14;
  const lefts = [side, Math.round((side + widths[0] + width - side - widths[2] - widths[1]) / 2), width - side - widths[2]];
  if (used.length < 3 && !columns[2].length) lefts[1] = width - side - widths[1];
  if (used.length < 3 && !columns[0].length) lefts[1] = side;
  for (const number of [0, 1, 2]) for (const box of columns[number]) Object.assign(box, { x: lefts[number], width: widths[number] });
  chooseLooks(used, wished);
  const height = Math.max(wished, ...used.map(columnHeight));
  for (const list of used) spreadColumn(list, height, list === columns[1]);
  placeLinks(model);
  routeLinks(model, columns[1], height);
  return height;
}

function columnHeight(list) {
  return list.reduce((sum, box) => sum + box.height + MAP_GAP, MAP_GAP);
}

/**
 * The most telling look of each column that fits the height: names in as many boxes as possible, else the largest
 * marks. Marks are of one size on the whole map, so that one mark means the same everywhere.
 */
function chooseLooks(used, wished) {
  const looks = used.map((list) => lookOfColumn(list, wished));
  const pitch = Math.min(...looks.map((look) => look.pitch));
  used.forEach((list, index) => list.forEach((box) => shapeBox(box, { ...looks[index], pitch })));
}

function lookOfColumn(list, wished) {
  for (const named of NAMED_MOST) {
    for (const across of [1, 2]) {
      for (const pitch of MARK_STEPS) {
        if (named > NAMED_ALWAYS && pitch < MARK_WITH_NAMES) break;
        const look = { named, across, pitch };
        if (list.reduce((sum, box) => sum + shapeBox(box, look).height + MAP_GAP, MAP_GAP) <= wished) return look;
      }
    }
  }
  return { named: 0, across: 1, pitch: MARK_STEPS[MARK_STEPS.length - 1] };
}

/** Cells of one size: a mark alone, or a mark with its name, in one or more columns. */
function shapeBox(box, look) {
  const room = box.width - 2 * BOX_SIDE;
  const fitting = Math.max(1, Math.floor(room / NAME_WIDTH));
  box.named = box.members.length <= look.named;
  box.perRow = box.named ? (box.members.length > 6 ? Math.min(fitting, look.across) : 1) : Math.max(1, Math.floor(room / look.pitch));
  box.cellWidth = box.named ? room / box.perRow : look.pitch;
  box.cellHeight = box.named ? NAME_ROW : look.pitch;
  box.mark = box.named ? 10 : look.pitch - (look.pitch > 6 ? 2.2 : 1.2);
  box.height = BOX_HEAD + Math.ceil(box.members.length / box.perRow) * box.cellHeight + BOX_FOOT;
  return box;
}

/** The free height goes between the boxes, up to a measure, then above and below. */
function spreadColumn(list, height, isMiddle) {
  const spare = height - columnHeight(list);
  const between = list.length > 1 ? Math.min(isMiddle ? 84 : 48, spare / (list.length - 1)) : 0;
  let top = MAP_GAP + Math.max(0, spare - between * (list.length - 1)) / 2;
  for (const box of list) {
    box.y = top;
    top += box.height + MAP_GAP + between;
  }
}

/** Each end of a bundle gets its own place on the side of its box, in the order of the other ends: fewer crossings. */
function placeLinks(model) {
  const ports = new Map();
  for (const link of model.links) {
    const same = link.a.zone.column === link.b.zone.column;
    const aLeft = link.a.zone.column < link.b.zone.column;
    link.sideA = same ? (link.a.zone.column === 2 ? "left" : "right") : aLeft ? "right" : "left";
    link.sideB = same ? link.sideA : aLeft ? "left" : "right";
    for (const [box, sideName, otherBox, end] of [[link.a, link.sideA, link.b, "A"], [link.b, link.sideB, link.a, "B"]]) {
      const key = box.id + "|" + sideName;
      if (!ports.has(key)) ports.set(key, []);
      ports.get(key).push({ link, box, end, other: otherBox.y + otherBox.height / 2 });
    }
  }
  for (const list of ports.values()) {
    list.sort((a, b) => a.other - b.other);
    const { box } = list[0];
    const head = model.inside.has(box.id) ? 26 : 0; // the loop of the box has its own place
    const step = Math.min(13, (box.height - head - 14) / list.length);
    const start = box.y + (box.height + head) / 2 - (step * (list.length - 1)) / 2;
    list.forEach((port, index) => {
      port.link["y" + port.end] = start + index * step;
    });
  }
  const most = Math.max(1, ...model.bundles.map((link) => link.bytes));
  const thick = model.links.length > LINKS_AT_REST ? 7 : 11;
  model.bundles.forEach((link, index) => {
    const isInside = link.a === link.b;
    link.drawn = isInside || index < LINKS_DRAWN;
    link.atRest = isInside || index < LINKS_AT_REST;
    link.weight = 1.2 + thick * Math.pow(Math.log(1 + link.bytes) / Math.log(1 + most), 5);
  });
  for (const link of model.inside.values()) placeInside(link);
}

/** What the members of a box say among themselves is a small loop at its corner, on the side where the bundles are. */
function placeInside(link) {
  const box = link.a;
  link.sideA = link.sideB = box.zone.column === 2 ? "left" : "right";
  link.weight = Math.min(5, link.weight);
  const x = link.sideA === "right" ? box.x + box.width : box.x;
  const out = link.sideA === "right" ? LOOP : -LOOP;
  link.ends = [[x, box.y + 8], [x, box.y + 24]];
  link.path = "M" + x + " " + (box.y + 8) + "c" + out + " -7 " + out + " 23 0 16";
}

/** Bundles that pass the middle column take the nearest gap between its boxes, so that nothing runs behind a box. */
function routeLinks(model, middle, height) {
  const lanes = [];
  let top = 0;
  for (const box of middle) {
    lanes.push({ from: top, to: box.y, links: [] });
    top = box.y + box.height;
  }
  lanes.push({ from: top, to: height, links: [] });
  for (const link of model.links) {
    link.lane = null;
    if (!middle.length || Math.abs(link.a.zone.column - link.b.zone.column) !== 2) continue;
    const wish = (link.yA + link.yB) / 2;
    const cost = (lane) => Math.abs((lane.from + lane.to) / 2 - wish) + 9 * lane.links.length + (lane.to - lane.from < 12 ? 60 : 0);
    link.lane = lanes.reduce((best, lane) => (cost(lane) < cost(best) ? lane : best));
    link.lane.links.push(link);
  }
  for (const lane of lanes) {
    lane.links.sort((a, b) => a.yA + a.yB - b.yA - b.yB);
    const step = Math.min(12, (lane.to - lane.from) / (lane.links.length + 1));
    const middleOfLane = Math.max(6, Math.min(height - 6, (lane.from + lane.to) / 2));
    lane.links.forEach((link, index) => {
      link.laneY = middleOfLane + (index - (lane.links.length - 1) / 2) * step;
    });
  }
  for (const link of model.links) link.path = linkPath(link, middle[0]);
}

function linkPath(link, middle) {
  const f = (number) => number.toFixed(1);
  const xA = link.sideA === "right" ? link.a.x + link.a.width : link.a.x;
  const xB = link.sideB === "right" ? link.b.x + link.b.width : link.b.x;
  link.ends = [[xA, link.yA], [xB, link.yB]];
  const bend = (x1, y1, x2, y2) => "C" + f((x1 + x2) / 2) + " " + f(y1) + " " + f((x1 + x2) / 2) + " " + f(y2) + " " + f(x2) + " " + f(y2);
  if (link.sideA === link.sideB) {
    const bulge = (link.sideA === "right" ? 1 : -1) * Math.min(90, 26 + Math.abs(link.yA - link.yB) * 0.22);
    return "M" + f(xA) + " " + f(link.yA) + "C" + f(xA + bulge) + " " + f(link.yA) + " " + f(xB + bulge) + " " + f(link.yB) + " " + f(xB) + " " + f(link.yB);
  }
  if (!link.lane) return "M" + f(xA) + " " + f(link.yA) + bend(xA, link.yA, xB, link.yB);
  const [near, far] = xA < xB ? [middle.x, middle.x + middle.width] : [middle.x + middle.width, middle.x];
  return "M" + f(xA) + " " + f(link.yA) + bend(xA, link.yA, near, link.laneY) + "H" + f(far) + bend(far, link.laneY, xB, link.yB);
}

/** The middle of one member's mark. */
function markPlace(box, index) {
  const x = box.x + BOX_SIDE + (index % box.perRow) * box.cellWidth;
  const y = box.y + BOX_HEAD + Math.floor(index / box.perRow) * box.cellHeight;
  return [x + (box.named ? 7 : box.cellWidth / 2), y + box.cellHeight / 2];
}

/** Which member stands at a point of the map; a division, not a search. */
function memberAt(box, x, y) {
  const column = Math.floor((x - box.x - BOX_SIDE) / box.cellWidth);
  const row = Math.floor((y - box.y - BOX_HEAD) / box.cellHeight);
  if (column < 0 || column >= box.perRow || row < 0) return null;
  return box.members[row * box.perRow + column] || null;
}

const CUT_FROM = 80; // no name in a box is longer
const pen = document.createElement("canvas").getContext("2d");

function textWidth(text, weight, size) {
  pen.font = weight + " " + size + "px " + getComputedStyle(document.body).fontFamily;
  return pen.measureText(text).width;
}

/** Text cut to a width in pixels, measured with the font that will draw it. */
function textWithin(text, width, weight, size) {
  return cutText(text, width, weight, size, (letters, length) => letters.slice(0, length).join("") + "…");
}

/** The same for the names of devices: cut in the middle, because it is the end that tells one pump from the next. */
function nameWithin(text, width, weight, size) {
  return cutText(text, width, weight, size, (letters, length) => letters.slice(0, Math.floor(length / 2)).join("") + "…" + letters.slice(letters.length - Math.ceil(length / 2)).join(""));
}

function cutText(text, width, weight, size, cut) {
  const letters = [...text].slice(0, CUT_FROM);
  if (letters.length < CUT_FROM && textWidth(text, weight, size) <= width) return text;
  let low = 0;
  let high = letters.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textWidth(cut(letters, middle), weight, size) <= width) low = middle;
    else high = middle - 1;
  }
  return cut(letters, low);
}
