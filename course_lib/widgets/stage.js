// The browser's half of stage.py: shows frames, says when it has, and reports pointer, keys, size and preferences.

// Milliseconds without a new frame after which the picture counts as settled.
const SETTLED_AFTER = 150;
// Milliseconds without an answer after which the reader is told that nothing will move.
const SILENT_AFTER = 4000;

function element(tag, className, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function render({ model, el }) {
  const root = element("div", "descent-stage");
  const frame = element("div", "descent-stage-frame");
  const image = element("img", "", { draggable: "false", alt: model.get("picture") });
  const sentence = element("p", "descent-stage-sentence", { "aria-live": "polite", "aria-busy": "false" });
  const note = element("p", "descent-stage-note");
  const [width, height] = model.get("shape");
  frame.style.aspectRatio = `${width} / ${height}`;
  frame.append(image);
  root.append(frame, sentence, note);
  el.append(root);

  const calmly = matchMedia("(prefers-reduced-motion: reduce)");
  const leaving = new AbortController();
  let settling, resizing, silence;

  // --- frames

  async function show() {
    const [bytes, number] = [model.get("frame"), model.get("number")];
    if (!bytes || !bytes.byteLength) return;
    const address = URL.createObjectURL(new Blob([bytes], { type: "image/webp" }));
    image.src = address;
    try {
      await image.decode();
    } catch {
      // A newer frame took its place before it was decoded; that one will be reported as shown.
      return;
    } finally {
      URL.revokeObjectURL(address);
    }
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

  let reported = 0;
  function report() {
    nameSliders();
    const now = frame.clientWidth * devicePixelRatio;
    if (!now || Math.abs(now - reported) < 3) return;
    reported = now;
    hello();
  }

  function hello() {
    clearTimeout(silence);
    silence = setTimeout(() => {
      note.textContent = "This picture moves once its cell has been run and the kernel is free.";
    }, SILENT_AFTER);
    model.send({
      event: "mounted",
      width: frame.clientWidth,
      pixel_ratio: devicePixelRatio,
      reduced_motion: calmly.matches,
    });
  }

  const observer = new ResizeObserver(() => {
    clearTimeout(resizing);
    resizing = setTimeout(report, reported ? 200 : 0);
  });
  observer.observe(frame);
  calmly.addEventListener("change", hello, { signal: leaving.signal });

  // --- pointer and keys, in zones

  let zones = [];
  let moves = [];
  let isHandling = false;

  function flush() {
    if (isHandling || !moves.length) return;
    isHandling = true;
    model.send({ event: "pointer", moves });
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
      model.send({ event: "key", zone: index, key: event.key });
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

  // JupyterLab takes plain keys for its own (ArrowDown selects the next cell, D D deletes this one) unless told not to;
  // it looks while the event comes down to the document, so this must come before.
  window.addEventListener(
    "keydown",
    (event) => {
      const explorer = root.closest(".descent-explorer");
      if (!explorer?.contains(event.target)) return;
      const isLabs = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
      event.target.toggleAttribute("data-lm-suppress-shortcuts", !isLabs);
    },
    { capture: true, signal: leaving.signal },
  );

  // --- names for the sliders of ipywidgets, whose handles have none, and whose values are those inside of them

  const naming = new MutationObserver(nameSliders);
  function nameSliders() {
    const explorer = root.closest(".descent-explorer");
    if (!explorer) return;
    for (const slider of explorer.querySelectorAll(".widget-slider")) {
      const handle = slider.querySelector("[role=slider]");
      const label = slider.querySelector(".widget-label");
      const readout = slider.querySelector(".widget-readout");
      if (!handle || !label) continue;
      const wanted = { "aria-label": label.title || label.textContent, "aria-valuetext": readout?.textContent };
      for (const [name, value] of Object.entries(wanted)) {
        if (value && handle.getAttribute(name) !== value) handle.setAttribute(name, value);
      }
    }
    naming.observe(explorer, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });
  }

  // --- what the kernel says

  function hear(message) {
    clearTimeout(silence);
    note.textContent = "";
    if (message.event === "handled") {
      isHandling = false;
      flush();
    }
  }

  model.on("change:number", show);
  model.on("msg:custom", hear);
  show();

  return () => {
    leaving.abort();
    observer.disconnect();
    naming.disconnect();
    for (const timer of [settling, resizing, silence]) clearTimeout(timer);
    model.off("change:number", show);
    model.off("msg:custom", hear);
  };
}

export default { render };
