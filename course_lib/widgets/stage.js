// The browser's half of stage.py: shows frames, says when it has, and reports pointer, keys, size and preferences.

// Milliseconds without a new frame after which the picture counts as settled.
const SETTLED_AFTER = 150;

function render({ model, el }) {
  const root = element("div", "descent-stage");
  const frame = element("div", "descent-stage-frame");
  const image = element("img", "", { draggable: "false", alt: model.get("picture") });
  const sentence = element("p", "descent-stage-sentence", { "aria-live": "polite", "aria-busy": "false" });
  const note = element("p", "descent-stage-note", { role: "status" });
  frame.append(image);
  root.append(note, frame, sentence);
  el.append(root);

  const calmly = matchMedia("(prefers-reduced-motion: reduce)");
  const leaving = new AbortController();
  const { signal } = leaving;
  let settling, resizing;

  // --- frames

  function address() {
    return URL.createObjectURL(new Blob([model.get("frame")], { type: "image/webp" }));
  }

  async function show() {
    kernel.hear();
    const number = model.get("number");
    if (!model.get("frame")?.byteLength) return;
    const source = address();
    image.src = source;
    try {
      await image.decode();
    } catch {
      // A newer frame took its place before it was decoded; that one will be reported as shown.
      return;
    } finally {
      URL.revokeObjectURL(source);
    }
    const [width, height] = model.get("shape");
    frame.style.aspectRatio = `${width} / ${height}`;
    sentence.textContent = model.get("sentence");
    placeZones();
    // While pictures follow one another, a screen reader waits for the last sentence.
    sentence.setAttribute("aria-busy", "true");
    root.dataset.settled = "no";
    clearTimeout(settling);
    settling = setTimeout(() => {
      sentence.setAttribute("aria-busy", "false");
      root.dataset.settled = "yes";
    }, SETTLED_AFTER);
    // Hidden pages get no animation frames: whatever plays then waits until it is looked at again.
    requestAnimationFrame(() => {
      root.dataset.shown = number;
      model.send({ event: "shown", number });
    });
  }

  // --- size, preferences, and whether anybody is there

  const tend = tendControls(root, signal);
  const kernel = pulse({ model, el }, note, follow);

  // Controls that nobody in a kernel hears are not there for the keyboard either.
  function follow(state) {
    root.dataset.kernel = state;
    const explorer = root.closest(".descent-explorer");
    if (!explorer) return;
    explorer.dataset.kernel = state;
    for (const part of explorer.querySelectorAll(".descent-controls, .descent-steps, .descent-footer")) {
      part.inert = state === "gone";
    }
  }

  let reported = 0;
  function report() {
    tend();
    follow(root.dataset.kernel ?? "");
    const now = frame.clientWidth * devicePixelRatio;
    if (!now || Math.abs(now - reported) < 3) return;
    reported = now;
    hello();
  }

  function hello() {
    kernel.ask({
      event: "mounted",
      width: frame.clientWidth,
      pixel_ratio: devicePixelRatio,
      reduced_motion: calmly.matches,
    });
  }

  // The sliders of ipywidgets ask for no answer: whoever moves one is told all the same where none comes.
  for (const kind of ["pointerdown", "keydown", "change"]) {
    window.addEventListener(
      kind,
      ({ target }) => {
        if (root.contains(target) || !root.closest(".descent-explorer")?.contains(target)) return;
        if (!kernel.isWaiting()) kernel.ask({ event: "ping" });
      },
      { capture: true, signal },
    );
  }

  const observer = new ResizeObserver(() => {
    clearTimeout(resizing);
    resizing = setTimeout(report, reported ? 200 : 0);
  });
  observer.observe(frame);
  calmly.addEventListener("change", hello, { signal });
  keepKeys((target) => root.closest(".descent-explorer")?.contains(target), signal);

  // --- pointer and keys, in zones

  let zones = [];
  let moves = [];
  let isHandling = false;

  function flush() {
    if (isHandling || !moves.length) return;
    isHandling = true;
    kernel.ask({ event: "pointer", moves });
    moves = [];
  }

  function makeZone(index) {
    // "application": the zone answers to arrow keys itself, so a screen reader passes them on.
    const zone = element("div", "descent-stage-zone", { role: "application", tabindex: "0" });
    function noteMove(kind, event) {
      const box = frame.getBoundingClientRect();
      moves.push([kind, index, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
      flush();
    }
    zone.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      zone.setPointerCapture(event.pointerId);
      noteMove("down", event);
    });
    zone.addEventListener("pointermove", (event) => {
      if (!zone.hasPointerCapture(event.pointerId)) return;
      for (const each of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event]) noteMove("move", each);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      zone.addEventListener(end, (event) => {
        if (zone.hasPointerCapture(event.pointerId)) noteMove("up", event);
      });
    }
    zone.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab" || event.key === "Escape") return;
      event.preventDefault();
      kernel.ask({ event: "key", zone: index, key: event.key });
    });
    frame.append(zone);
    return zone;
  }

  function placeZones() {
    const wanted = model.get("zones");
    while (zones.length < wanted.length) zones.push(makeZone(zones.length));
    while (zones.length > wanted.length) zones.pop().remove();
    wanted.forEach(({ left, top, width, height, label }, index) => {
      for (const [side, share] of Object.entries({ left, top, width, height })) {
        zones[index].style[side] = `${100 * share}%`;
      }
      zones[index].setAttribute("aria-label", label);
    });
  }

  // --- what the kernel says

  function hear(message) {
    if (message.event !== "handled") return;
    isHandling = false;
    flush();
  }

  // The cell that made this has run again. Its own output is empty by now; a copy of that output keeps the picture.
  function leaveBehind() {
    const output = el.closest(".jp-OutputArea-output");
    if (!output?.isConnected || !model.get("frame")?.byteLength) return;
    const still = element("figure", "", { style: "margin: 0 0 0 5px" });
    const copy = element("img", "", { src: address(), alt: model.get("picture"), style: "max-width: 100%" });
    const caption = element("figcaption", "");
    caption.textContent = `${model.get("sentence")} ${SAID.gone}`;
    still.append(copy, caption);
    output.after(still);
  }

  model.on("change:number", show);
  model.on("msg:custom", hear);
  model.on("comm:close", leaveBehind);
  show();

  return () => {
    leaving.abort();
    observer.disconnect();
    kernel.end();
    for (const timer of [settling, resizing]) clearTimeout(timer);
    model.off("change:number", show);
    model.off("msg:custom", hear);
    model.off("comm:close", leaveBehind);
  };
}

export default { render };
