// The controls around a stage: names for screen readers, and groups that are one stop of the Tab key each.

const ROVING = "input[type=checkbox], button, [role=slider]";

// Look after the controls of the explorer around `root`, until `signal` is aborted. Returns a function that looks again.
function tendControls(root, signal) {
  const observer = new MutationObserver(tend);
  const last = new WeakMap(); // of each group, the control that Tab comes back to

  // ipywidgets' sliders have handles without a name, whose values are their places among all values.
  function nameSliders(explorer) {
    for (const slider of explorer.querySelectorAll(".widget-slider")) {
      const handle = slider.querySelector("[role=slider]");
      const label = slider.querySelector(".widget-label");
      const readout = slider.querySelector(".widget-readout");
      if (!handle || !label) continue;
      const wanted = { "aria-label": label.title || label.textContent, "aria-valuetext": readout?.textContent };
      for (const [name, value] of Object.entries(wanted)) {
        if (value && handle.getAttribute(name) !== value) handle.setAttribute(name, value);
      }
      // The number beside a slider can be typed over with the mouse; with the keyboard the slider itself is moved.
      if (readout && !readout.hasAttribute("tabindex")) readout.setAttribute("tabindex", "-1");
    }
  }

  function members(group) {
    return [...group.querySelectorAll(ROVING)].filter((control) => control.offsetParent);
  }

  function rove(group) {
    const controls = members(group);
    const current = controls.includes(last.get(group)) ? last.get(group) : controls[0];
    for (const control of controls) {
      const wanted = control === current ? "0" : "-1";
      if (control.getAttribute("tabindex") !== wanted) control.setAttribute("tabindex", wanted);
    }
    group.setAttribute("role", "group");
    const name = [...group.classList].find((each) => each.startsWith("descent-of-")).replace("descent-of-", "");
    group.setAttribute("aria-label", `${name}: the arrow keys up and down lead from one to the next`);
  }

  function tend() {
    const explorer = root.closest(".descent-explorer");
    if (!explorer) return;
    nameSliders(explorer);
    explorer.querySelectorAll(".descent-group").forEach(rove);
    const attributeFilter = ["aria-valuetext", "style"];
    observer.observe(explorer, { subtree: true, childList: true, attributeFilter });
  }

  function groupOf(target) {
    const group = target.closest?.(".descent-group");
    return group && root.closest(".descent-explorer")?.contains(group) && target.matches(ROVING) ? group : null;
  }

  window.addEventListener(
    "focusin",
    ({ target }) => {
      const group = groupOf(target);
      if (!group) return;
      last.set(group, target);
      rove(group);
    },
    { signal },
  );
  // Before the slider's own listener, which takes up and down as right and left.
  window.addEventListener(
    "keydown",
    (event) => {
      const group = groupOf(event.target);
      if (!group || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const isSlider = event.target.matches("[role=slider]");
      const back = event.key === "ArrowUp" || (event.key === "ArrowLeft" && !isSlider);
      const on = event.key === "ArrowDown" || (event.key === "ArrowRight" && !isSlider);
      if (!back && !on) return;
      const controls = members(group);
      controls.at((controls.indexOf(event.target) + (on ? 1 : -1)) % controls.length).focus();
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true, signal },
  );
  signal.addEventListener("abort", () => observer.disconnect());
  return tend;
}
