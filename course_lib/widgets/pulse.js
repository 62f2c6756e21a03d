// What the browser's halves of all our widgets share: they come before stage.js and question.js in one module.

// Milliseconds without an answer after which the reader is told that the kernel is busy.
const SILENT_AFTER = 600;
const SAID = {
  gone: "Not running: run this cell again.",
  busy: "Waiting for the kernel… If no cell is running, run this cell again.",
  "": "",
};
const ENDED = ["restarting", "autorestarting", "terminating", "dead"];

function element(tag, className, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// Say in `note` whether a kernel hears what is done here, and call `changed` with "gone", "busy" or "".
function pulse({ model, el }, note, changed = () => {}) {
  let silence, state = "";
  // Only JupyterLab's manager knows its kernel. Of one that crashed, or was shut down, ipywidgets tells nothing.
  const kernel = model.widget_manager?.kernel;

  function enter(next) {
    if (next === state || state === "gone") return; // a kernel that has gone has taken the explorer with it
    state = next;
    note.textContent = SAID[state];
    changed(state);
  }

  function lose() {
    clearTimeout(silence);
    enter("gone");
  }

  // ipywidgets marks what has no kernel behind it: a page whose kernel was restarted, a notebook opened again.
  function look() {
    if (el.classList.contains("jupyter-widgets-disconnected")) lose();
  }

  function statusChanged(_, status) {
    if (ENDED.includes(status)) lose();
  }

  function ask(message) {
    look();
    if (state === "gone") return;
    silence ??= setTimeout(() => enter("busy"), SILENT_AFTER);
    model.send(message);
  }

  function hear() {
    clearTimeout(silence);
    silence = undefined;
    enter("");
  }

  model.on("comm_live_update", look);
  model.on("msg:custom", hear);
  kernel?.statusChanged?.connect(statusChanged);
  kernel?.disposed?.connect(lose);
  look();

  return {
    ask,
    hear,
    isWaiting: () => silence !== undefined,
    end() {
      clearTimeout(silence);
      model.off("comm_live_update", look);
      model.off("msg:custom", hear);
      kernel?.statusChanged?.disconnect(statusChanged);
      kernel?.disposed?.disconnect(lose);
    },
  };
}

// JupyterLab takes plain keys for its own (ArrowDown selects the next cell, D D deletes this one) unless told not to; it
// looks while the event comes down to the document, so this must come before.
function keepKeys(isOurs, signal) {
  window.addEventListener(
    "keydown",
    (event) => {
      if (!isOurs(event.target)) return;
      const isLabs = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
      event.target.toggleAttribute("data-lm-suppress-shortcuts", !isLabs);
    },
    { capture: true, signal },
  );
}
