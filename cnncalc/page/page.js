"use strict";
// The script of a page: folding, moving and zooming the drawing, choosing layers, sorting and searching the table.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const names = data.names || [];
  const numbers = new Map(names.map((name, number) => [name, number]));
  const pane = byId("pane");
  const svg = pane && pane.querySelector("svg");
  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

  // ---------------------------------------------------------------- the drawing: which blocks are folded

  const drawing = data.drawing;
  const boxes = drawing ? drawing.boxes.map(([x, y, w, h, frame]) => ({ x, y, w, h, frame })) : [];
  const frames = drawing
    ? drawing.frames.map(([x, y, w, h, frame, width, height]) => ({ x, y, w, h, frame, width, height, folds: height > 0 }))
    : [];
  const edges = drawing ? drawing.edges.map(([tail, head, route]) => ({ tail, head, route })) : [];
  const folded = new Set();
  boxes.forEach((box, number) => (box.node = byId(`box-${number}`)));
  frames.forEach((frame, number) => {
    frame.node = byId(`frame-${number}`);
    frame.closed = byId(`folded-${number}`);
  });
  edges.forEach((edge, number) => (edge.node = byId(`edge-${number}`)));
  for (const frame of frames.filter((each) => each.folds)) {
    for (const [node, sign] of [[frame.node, "▾"], [frame.closed, "▸"]]) {
      const text = node.querySelector("text");
      text.textContent = `${sign} ${text.textContent}`;
      node.setAttribute("aria-expanded", String(sign === "▾"));
    }
  }

  const levelOf = (frame) => (frame < 0 ? 0 : 1 + levelOf(frames[frame].frame));
  /** The outermost folded block around a box or block whose parent is `frame`; -1 if there is none. */
  function foldedAround(frame) {
    let found = -1;
    for (; frame >= 0; frame = frames[frame].frame) if (folded.has(frame)) found = frame;
    return found;
  }

  /**
   * A map of one axis that squeezes what is hidden. `kept` are stretches that keep their length; each of `closed`
   * needs a length of its own for the box that replaces it. Everything else keeps its length, and the order of all
   * positions stays, so that nothing can come to lie over anything else.
   */
  function squeezed(kept, closed) {
    const ends = [...kept, ...closed].flatMap(([low, high]) => [low, high]);
    const stops = [...new Set(ends)].sort((a, b) => a - b);
    if (!closed.length || stops.length < 2) return (value) => value;
    const place = new Map(stops.map((stop, index) => [stop, index]));
    const covered = (ranges) => {
      const steps = new Array(stops.length).fill(0);
      for (const [low, high] of ranges) {
        steps[place.get(low)] += 1;
        steps[place.get(high)] -= 1;
      }
      let open = 0;
      return steps.map((step) => (open += step) > 0);
    };
    const isKept = covered(kept);
    const isClosed = covered(closed);
    const old = stops.slice(1).map((stop, index) => stop - stops[index]);
    const lengths = old.map((length, index) => (isKept[index] || !isClosed[index] ? length : 0));
    for (const [low, high, need] of [...closed].sort((a, b) => a[1] - a[0] - b[1] + b[0])) {
      let total = 0;
      let soft = 0;
      for (let index = place.get(low); index < place.get(high); index += 1) {
        total += lengths[index];
        if (!isKept[index]) soft += old[index];
      }
      if (total >= need || !soft) continue;
      for (let index = place.get(low); index < place.get(high); index += 1) {
        if (!isKept[index]) lengths[index] += ((need - total) * old[index]) / soft;
      }
    }
    const starts = [stops[0]];
    lengths.forEach((length, index) => starts.push(starts[index] + length));
    const last = stops.length - 1;
    return (value) => {
      if (value <= stops[0]) return value;
      if (value >= stops[last]) return value - stops[last] + starts[last];
      let low = 0;
      let high = last;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (stops[middle] <= value) low = middle;
        else high = middle;
      }
      return starts[low] + ((value - stops[low]) * lengths[low]) / (old[low] || 1);
    };
  }

  /** Whether something that begins at `low` is the next neighbour of something that ends at `high`. */
  const isNear = (low, high) => low >= high && low - high < 4 * GAP_X;

  const GAP_X = 13;
  const GAP_Y = 11;
  const TITLE = 26;
  const INSET = 14;
  const round = (value) => Math.round(value * 100) / 100;

  /** Place everything again after a change of what is folded. */
  function arrange() {
    const open = frames.filter((frame, number) => foldedAround(number) < 0);
    const closed = frames.filter((frame, number) => foldedAround(number) === number);
    const shown = boxes.filter((box) => foldedAround(box.frame) < 0);
    const wires = edges.filter((edge) => foldedAround(boxes[edge.tail].frame) < 0 || foldedAround(boxes[edge.head].frame) < 0);
    const keptX = shown.map((box) => [box.x - GAP_X, box.x + box.w + GAP_X]);
    const keptY = shown.map((box) => [box.y - GAP_Y, box.y + box.h + GAP_Y]);
    for (const frame of open) {
      keptX.push([frame.x, frame.x + INSET], [frame.x + frame.w - INSET, frame.x + frame.w]);
      keptY.push([frame.y, frame.y + TITLE], [frame.y + frame.h - INSET, frame.y + frame.h]);
    }
    const all = [...open, ...closed, ...shown];
    for (const frame of closed) {
      keptY.push([frame.y - GAP_Y, frame.y], [frame.y + frame.h, frame.y + frame.h + GAP_Y]);
      const beside = all.filter((other) => other !== frame && other.y < frame.y + frame.h && frame.y < other.y + other.h);
      if (beside.some((other) => isNear(frame.x, other.x + other.w))) keptX.push([frame.x - GAP_X, frame.x]);
      if (beside.some((other) => isNear(other.x, frame.x + frame.w))) keptX.push([frame.x + frame.w, frame.x + frame.w + GAP_X]);
    }
    for (const { route } of wires) {
      for (let index = 2; index < route.length; index += 2) {
        if (Math.abs(route[index] - route[index - 2]) < 0.5) keptX.push([route[index] - 6, route[index] + 6]);
      }
    }
    const mapX = squeezed(keptX, closed.map((frame) => [frame.x, frame.x + frame.w, frame.width]));
    const mapY = squeezed(keptY, closed.map((frame) => [frame.y, frame.y + frame.h, frame.height]));
    const anchors = new Map();
    for (const edge of edges) anchorsOf(edge, anchors);
    boxes.forEach((box) => {
      const visible = foldedAround(box.frame) < 0;
      box.node.toggleAttribute("hidden", !visible);
      box.now = { x: mapX(box.x + box.w / 2) - box.w / 2, y: mapY(box.y + box.h / 2) - box.h / 2, w: box.w, h: box.h };
      if (visible) box.node.setAttribute("transform", `translate(${round(box.now.x - box.x)} ${round(box.now.y - box.y)})`);
    });
    frames.forEach((frame, number) => {
      const around = foldedAround(number);
      frame.node.toggleAttribute("hidden", around >= 0);
      frame.closed.toggleAttribute("hidden", around !== number);
      if (around < 0) placeFrame(frame, mapX, mapY);
      else if (around === number) placeClosed(frame, anchors.get(number), mapX, mapY);
    });
    drawEdges(mapX, mapY);
    const [width, height] = drawing.size;
    view.width = mapX(width) + 2 * MARGIN;
    view.height = mapY(height) + 2 * MARGIN;
    svg.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${round(view.width)} ${round(view.height)}`);
    resize();
  }

  /** Where lines cross the border of a folded block: the box that replaces it is centred there. */
  function anchorsOf(edge, anchors) {
    const tail = foldedAround(boxes[edge.tail].frame);
    const head = foldedAround(boxes[edge.head].frame);
    if (tail === head) return;
    const route = clipped(edge, tail, head);
    if (head >= 0 && !(anchors.get(head) || {}).entry) anchors.set(head, { entry: true, x: route[route.length - 2] });
    if (tail >= 0 && !anchors.has(tail)) anchors.set(tail, { entry: false, x: route[0] });
  }

  /** The part of an edge outside of folded blocks. */
  function clipped({ route }, tail, head) {
    let first = 0;
    let last = route.length - 2;
    if (tail >= 0) while (first < last - 2 && route[first + 3] <= frames[tail].y + frames[tail].h + 0.5) first += 2;
    if (head >= 0) while (last > first + 2 && route[last - 1] >= frames[head].y - 0.5) last -= 2;
    return route.slice(first, last + 2);
  }

  function placeFrame(frame, mapX, mapY) {
    const [x, y] = [mapX(frame.x), mapY(frame.y)];
    const border = frame.node.querySelector("rect");
    const values = { x, y, width: mapX(frame.x + frame.w) - x, height: mapY(frame.y + frame.h) - y };
    for (const name in values) border.setAttribute(name, round(values[name]));
    frame.node.querySelectorAll("text").forEach((text) => {
      text.setAttribute("x", round(x + 10));
      text.setAttribute("y", round(y + 17));
    });
  }

  function placeClosed(frame, anchor, mapX, mapY) {
    const [left, right] = [mapX(frame.x), mapX(frame.x + frame.w)];
    const middle = clamp(anchor ? mapX(anchor.x) : (left + right) / 2, left + frame.width / 2, right - frame.width / 2);
    const y = (mapY(frame.y) + mapY(frame.y + frame.h) - frame.height) / 2;
    frame.now = { x: middle - frame.width / 2, y, w: frame.width, h: frame.height };
    frame.closed.setAttribute("transform", `translate(${round(frame.now.x)} ${round(y)})`);
  }

  function drawEdges(mapX, mapY) {
    const drawn = new Set();
    for (const edge of edges) {
      const tail = foldedAround(boxes[edge.tail].frame);
      const head = foldedAround(boxes[edge.head].frame);
      const pair = `${tail < 0 ? `b${edge.tail}` : tail} ${head < 0 ? `b${edge.head}` : head}`;
      const hidden = (tail >= 0 && tail === head) || drawn.has(pair);
      drawn.add(pair);
      edge.node.toggleAttribute("hidden", hidden);
      if (hidden) continue;
      const spots = [];
      const route = clipped(edge, tail, head);
      for (let index = 0; index < route.length; index += 2) spots.push([mapX(route[index]), mapY(route[index + 1])]);
      if (tail >= 0) meet(spots[0], frames[tail].now, "bottom");
      if (head >= 0) meet(spots[spots.length - 1], frames[head].now, "top");
      drawEdge(edge.node, spots);
    }
  }

  /** Move the end of a line onto the border of a folded block's box. */
  function meet(spot, area, side) {
    spot[0] = clamp(spot[0], area.x + 10, area.x + area.w - 10);
    spot[1] = side === "top" ? area.y : area.y + area.h;
  }

  function drawEdge(node, spots) {
    let path = `M${round(spots[0][0])} ${round(spots[0][1])}`;
    for (let index = 1; index < spots.length; index += 1) {
      const [x0, y0] = spots[index - 1];
      const [x, y] = spots[index];
      if (Math.abs(x - x0) < 0.5) path += `L${round(x)} ${round(y)}`;
      else path += `C${[x0, (y0 + y) / 2, x, (y0 + y) / 2, x, y].map(round).join(" ")}`;
    }
    node.querySelector("path").setAttribute("d", path);
    const [x, y] = spots[spots.length - 1];
    node.querySelector("polygon").setAttribute("points", `${round(x)},${round(y)} ${round(x - 3)},${round(y - 6)} ${round(x + 3)},${round(y - 6)}`);
  }

  function fold(number, close) {
    if (!frames[number].folds) return;
    const before = spotOf(close ? frames[number].node : frames[number].closed);
    if (close) folded.add(number);
    else folded.delete(number);
    arrange();
    const after = spotOf(close ? frames[number].closed : frames[number].node);
    pane.scrollLeft += after.x - before.x; // the block stays where the reader looks
    pane.scrollTop += after.y - before.y;
    highlight();
  }

  const spotOf = (node) => {
    const { left, width, top } = node.getBoundingClientRect();
    return { x: left + width / 2, y: top };
  };

  function foldAll(level) {
    frames.forEach((frame, number) => {
      if (frame.folds && levelOf(frame.frame) >= level) folded.add(number);
      else folded.delete(number);
    });
    arrange();
    highlight();
  }

  // ---------------------------------------------------------------- the drawing: moving and zooming

  const MARGIN = 16;
  const view = { zoom: 1, width: 0, height: 0 };

  function resize() {
    svg.setAttribute("width", round(view.width * view.zoom));
    svg.setAttribute("height", round(view.height * view.zoom));
  }

  /** Zoom about a point of the window, or the middle of the pane. */
  function zoom(factor, at) {
    const area = pane.getBoundingClientRect();
    const x = (at ? at.clientX : area.left + area.width / 2) - area.left;
    const y = (at ? at.clientY : area.top + area.height / 2) - area.top;
    const before = view.zoom;
    view.zoom = clamp(view.zoom * factor, 0.1, 4);
    const ratio = view.zoom / before;
    const [left, top] = [pane.scrollLeft, pane.scrollTop];
    resize();
    pane.scrollLeft = (left + x) * ratio - x;
    pane.scrollTop = (top + y) * ratio - y;
  }

  function fit() {
    view.zoom = clamp(pane.clientWidth / view.width, 0.1, 1);
    resize();
    pane.scrollLeft = (view.width * view.zoom - pane.clientWidth) / 2;
  }

  function dragPane() {
    let start = null;
    const swallow = (event) => event.stopPropagation();
    pane.addEventListener("pointerdown", (event) => {
      if (event.button || event.pointerType === "touch") return; // a finger scrolls the pane by itself
      start = { x: event.clientX, y: event.clientY, left: pane.scrollLeft, top: pane.scrollTop, moved: false };
    });
    window.addEventListener("pointermove", (event) => {
      if (!start) return;
      const [x, y] = [event.clientX - start.x, event.clientY - start.y];
      if (!start.moved && Math.hypot(x, y) < 5) return;
      start.moved = true;
      pane.classList.add("moving");
      pane.scrollLeft = start.left - x;
      pane.scrollTop = start.top - y;
    });
    window.addEventListener("pointerup", () => {
      if (start && start.moved) window.addEventListener("click", swallow, true); // it ends the move
      setTimeout(() => {
        pane.classList.remove("moving");
        window.removeEventListener("click", swallow, true);
      });
      start = null;
    });
    pane.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 300), event);
    }, { passive: false });
  }

  /** Scroll the pane so that a box is visible, above the details if they cover the lower part of the window. */
  function reveal(node) {
    const area = pane.getBoundingClientRect();
    const box = node.getBoundingClientRect();
    const covered = details ? details.parentElement.getBoundingClientRect().top : 0;
    const bottom = covered > area.top + 2 * box.height ? Math.min(area.bottom, covered) : area.bottom;
    const isOutside = (low, high, from, to) => low < from + 8 || high > to - 8;
    if (isOutside(box.top, box.bottom, area.top, bottom)) pane.scrollTop += (box.top + box.bottom - area.top - bottom) / 2;
    if (isOutside(box.left, box.right, area.left, area.right)) {
      pane.scrollLeft += (box.left + box.right - area.left - area.right) / 2;
    }
  }

  // ---------------------------------------------------------------- the chosen layer

  let chosen = -1;
  const table = byId("layers");
  const body = table && table.tBodies[0];
  const rows = body ? [...body.rows] : [];
  const details = byId("details");
  const nothingChosen = details && details.firstElementChild;
  const findings = [...document.querySelectorAll(".findings > li")];

  /** Show a layer everywhere. `from` is the part of the page in which it was chosen, which does not move. */
  function choose(number, from) {
    chosen = number;
    document.body.classList.toggle("choosing", number >= 0);
    if (number >= 0 && drawing) {
      for (let frame = boxes[drawing.layers[number]].frame; frame >= 0; frame = frames[frame].frame) folded.delete(frame);
      arrange();
    }
    highlight();
    showDetails();
    byId("status").textContent = number < 0 ? "" : said(number);
    if (number >= 0 && from === "address") pane.scrollIntoView({ block: "start" });
    if (number >= 0 && drawing && from !== "drawing") reveal(boxes[drawing.layers[number]].node);
    const list = table && table.parentElement;
    if (number >= 0 && list && from !== "table") list.scrollTop = rows[number].offsetTop - list.clientHeight / 2;
    const address = number < 0 ? " " : `#${encodeURIComponent(names[number])}`;
    if (from !== "address") history.replaceState(null, "", address.trim() || location.pathname + location.search);
  }

  /** A layer in words, for screen readers. */
  const said = (number) => (rows[number] ? [...rows[number].cells].slice(1, 4).map((cell) => cell.textContent).join(", ") : names[number]);

  function highlight() {
    document.querySelectorAll(".chosen").forEach((node) => node.classList.remove("chosen"));
    rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === chosen)));
    if (chosen < 0) return;
    const line = data.lines && byId(`line-${data.lines[chosen]}`);
    if (drawing) {
      const box = boxes[drawing.layers[chosen]];
      const around = foldedAround(box.frame);
      (around < 0 ? box.node : frames[around].closed).classList.add("chosen");
    }
    if (line) line.classList.add("chosen");
    document.querySelectorAll("figure").forEach((figure) => point(figure, chosen));
  }

  const make = (tag, content, attributes = {}) => {
    const node = document.createElement(tag);
    node.append(...[content].flat());
    for (const name in attributes) node.setAttribute(name, attributes[name]);
    return node;
  };
  const part = (number) => byId(`part-${number}`).content.cloneNode(true);

  function showDetails() {
    if (!details) return;
    if (chosen < 0) return details.replaceChildren(nothingChosen);
    const cells = [...rows[chosen].cells];
    const { parts, lines } = data;
    const found = findings.filter((item) => item.dataset.layers.split(" ").includes(String(chosen)));
    const [sections, picture] = parts[chosen];
    const content = [make("h2", names[chosen]), make("p", `${cells[2].textContent} → ${cells[3].textContent}`, { class: "facts" })];
    if (found.length) content.push(make("ul", found.map((item) => item.cloneNode(true)), { class: "findings" }));
    content.push(shares(cells));
    if (picture !== null) content.push(make("div", part(picture), { class: "picture", tabindex: "0" }));
    content.push(make("article", sections.map(part)));
    if (lines[chosen] && byId(`line-${lines[chosen]}`)) {
      const link = make("button", `line ${lines[chosen]} of the spec`, { type: "button", class: "link" });
      link.addEventListener("click", () => byId(`line-${lines[chosen]}`).scrollIntoView({ block: "center" }));
      content.push(make("p", link));
    }
    details.replaceChildren(...content);
    details.parentElement.scrollTop = 0;
  }

  /** The shares of the layer in the sums of the model, as bars. */
  function shares(cells) {
    const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const lines = cells.map((cell, index) => [titles[index], cell]).filter(([, cell]) => cell.dataset.share);
    const bar = (share) => {
      const meter = make("meter", share, { min: 0, max: 100, value: parseFloat(share) });
      return make("td", [meter, ` ${share}`]);
    };
    return make("table", lines.map(([title, cell]) => make("tr", [make("th", title), make("td", cell.textContent, { class: "n" }), bar(cell.dataset.share)])), { class: "shares" });
  }

  // ---------------------------------------------------------------- the table

  function sortBy(column) {
    const heads = [...table.tHead.rows[0].cells];
    const head = heads[column];
    const numeric = rows.length > 0 && rows[0].cells[column].dataset.v !== undefined;
    const first = numeric && column > 0 ? "descending" : "ascending";
    const direction = head.ariaSort === "none" ? first : head.ariaSort === "ascending" ? "descending" : "ascending";
    heads.forEach((each) => each.setAttribute("aria-sort", each === head ? direction : "none"));
    const sign = direction === "ascending" ? 1 : -1;
    const value = (row) => (numeric ? Number(row.cells[column].dataset.v) : row.cells[column].textContent);
    const order = rows.map((row, number) => [value(row), number]);
    const collator = new Intl.Collator("en", { numeric: true });
    order.sort(([a, i], [b, j]) => sign * (numeric ? a - b : collator.compare(a, b)) || i - j);
    body.replaceChildren(...order.map(([, number]) => rows[number]));
  }

  function search(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row) => {
      const content = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => content.includes(word));
      if (!row.hidden) count += 1;
    });
    byId("count").textContent = words.length ? `${count} of ${rows.length} layers` : `${rows.length} layers`;
  }

  /** The next visible layer in the order of the table, or in that of the model. */
  function step(direction, inTable) {
    const order = inTable ? [...body.rows].filter((row) => !row.hidden).map((row) => rows.indexOf(row)) : names.map((_, number) => number);
    const place = order.indexOf(chosen);
    const next = place < 0 ? (direction > 0 ? 0 : order.length - 1) : clamp(place + direction, 0, order.length - 1);
    if (!order.length) return;
    choose(order[next], inTable ? "table" : "");
    if (!inTable) return;
    const link = rows[order[next]].querySelector("a");
    link.focus({ preventScroll: true });
    rows[order[next]].scrollIntoView({ block: "nearest" });
  }

  // ---------------------------------------------------------------- the plots

  /** Mark a layer in a plot, with its value from the table. */
  function point(figure, number) {
    const cursor = figure.querySelector(".cursor");
    cursor.hidden = number < 0;
    if (number < 0) return;
    cursor.style.left = `${(100 * (number + 0.5)) / names.length}%`;
    const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.className === `c-${figure.dataset.column}`);
    figure.querySelector("output").textContent = `${names[number]}: ${rows[number].cells[column].textContent}`;
  }

  function layerAt(event) {
    const area = event.currentTarget.getBoundingClientRect();
    return clamp(Math.floor(((event.clientX - area.left) / area.width) * names.length), 0, names.length - 1);
  }

  // ---------------------------------------------------------------- events

  function followAddress() {
    let name = location.hash.slice(1);
    try {
      name = decodeURIComponent(name);
    } catch {
      return; // not a name that this page writes
    }
    const number = numbers.get(name);
    if (number !== undefined) choose(number, "address");
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inField = event.target.matches("input");
    const inTable = Boolean(body && body.contains(event.target)) || event.target.id === "search";
    const inDrawing = Boolean(pane && pane.contains(event.target));
    const { key } = event;
    if (key === "Escape") {
      if (inField && event.target.value) search((event.target.value = ""));
      else choose(-1);
    } else if (key === "/" && !inField && byId("search")) {
      byId("search").focus();
    } else if ((key === "ArrowDown" || key === "ArrowUp") && names.length && (inTable || inDrawing)) {
      step(key === "ArrowDown" ? 1 : -1, inTable);
    } else if (inDrawing && chosen >= 0 && key === "ArrowLeft") {
      const box = boxes[drawing.layers[chosen]];
      let number = box.frame;
      while (number >= 0 && (folded.has(number) || !frames[number].folds)) number = frames[number].frame;
      if (number >= 0) fold(number, true);
    } else if (inDrawing && chosen >= 0 && key === "ArrowRight") {
      const around = foldedAround(boxes[drawing.layers[chosen]].frame);
      if (around >= 0) fold(around, false);
    } else if (inDrawing && (key === "+" || key === "-" || key === "=")) {
      zoom(key === "-" ? 1 / 1.25 : 1.25);
    } else return;
    event.preventDefault();
  }

  function onDrawing(event) {
    const group = event.target.closest("g[id]");
    if (!group) return;
    const [kind, number] = group.id.split("-");
    if (kind === "folded") fold(Number(number), false);
    else if (kind === "frame") fold(Number(number), true);
    else if (kind === "box") {
      const layer = drawing.layers.indexOf(Number(number));
      if (layer >= 0 && names.length) choose(layer, "drawing");
    }
  }

  const on = (id, action) => byId(id) && byId(id).addEventListener("click", action);
  if (pane) {
    view.width = svg.viewBox.baseVal.width;
    view.height = svg.viewBox.baseVal.height;
    dragPane();
    on("zoom-in", () => zoom(1.25));
    on("zoom-out", () => zoom(1 / 1.25));
    on("fit", fit);
    on("fold", () => foldAll(0));
    on("unfold", () => foldAll(Infinity));
  }
  if (drawing) {
    svg.addEventListener("click", onDrawing);
    foldAll(drawing.open);
  }
  if (pane) fit();
  if (table) {
    [...table.tHead.rows[0].cells].forEach((cell, column) => cell.firstElementChild.addEventListener("click", () => sortBy(column)));
    body.addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (!row || event.ctrlKey || event.metaKey || (event.detail && String(getSelection()))) return;
      event.preventDefault();
      choose(rows.indexOf(row), "table");
      row.querySelector("a").focus({ preventScroll: true });
    });
    byId("search").addEventListener("input", (event) => search(event.target.value));
    search("");
  }
  document.querySelectorAll("figure .plot").forEach((plot) => {
    plot.addEventListener("pointermove", (event) => point(plot.parentElement, layerAt(event)));
    plot.addEventListener("pointerleave", () => point(plot.parentElement, chosen));
    plot.addEventListener("click", (event) => choose(layerAt(event), "plot"));
  });
  findings.forEach((item) => {
    const layer = item.dataset.layers.split(" ")[0];
    if (layer) item.addEventListener("click", () => choose(Number(layer), "findings"));
  });
  on("close", () => choose(-1));
  document.addEventListener("keydown", onKey);
  window.addEventListener("hashchange", followAddress);
  followAddress();
})();
