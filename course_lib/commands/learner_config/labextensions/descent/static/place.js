// A plugin of JupyterLab, written so that it needs no build: shows all chapters, and the place where a chapter goes on.

const page = JSON.parse(document.getElementById("jupyter-config-data").textContent);

// Pixels: with less, the file browser would leave the chapter no room.
const NARROW = 600;

const moment = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Wait for the notebook of the page's address, which JupyterLab opens after it has led the file browser to it. */
async function opened(shell, path) {
  const isIt = (widget) => widget.context?.path === path;
  while (path && ![...shell.widgets("main")].some(isIt)) {
    await moment();
  }
  return [...shell.widgets("main")].find(isIt);
}

/** Put the file browser back to the top folder, where all chapters are, and keep it there until the reader acts. */
async function showAllChapters(shell) {
  const sides = [...shell.widgets("left"), ...shell.widgets("right")];
  const browser = sides.find((widget) => widget.id === "filebrowser");
  while (browser?.hasClass("jp-mod-restoring")) {
    await moment();
  }
  if (!browser) {
    return;
  }
  // JupyterLab may lead it to the notebook's folder later still.
  const { model } = browser;
  const stay = () => model.path && model.cd("/");
  model.pathChanged.connect(stay);
  for (const action of ["pointerdown", "keydown"]) {
    document.addEventListener(action, () => model.pathChanged.disconnect(stay), { capture: true, once: true });
  }
  await model.cd("/");
}

/** Make the cell the active one at the top of its notebook, and keep it there until the reader does something. */
async function goTo(panel, cell) {
  if (!cell || !panel) {
    return;
  }
  await panel.revealed;
  const notebook = panel.content;
  const index = notebook.widgets.findIndex((widget) => widget.model.id === cell);
  if (index < 0) {
    return;
  }
  const { node } = notebook.widgets[index];
  // Formulas and pictures above come later, and push it down.
  const sizes = new ResizeObserver(() => node.scrollIntoView());
  let hasActed = false;
  const stop = () => {
    hasActed = true;
    sizes.disconnect();
  };
  for (const action of ["pointerdown", "wheel", "keydown"]) {
    document.addEventListener(action, stop, { capture: true, once: true });
  }
  notebook.activeCellIndex = index;
  // JupyterLab attaches cells little by little, and with some settings only those in view.
  while (!hasActed && !node.isConnected) {
    notebook.scrollToItem(index, "start").catch(() => {}); // another scroll came between: once more
    await moment();
  }
  if (!hasActed) {
    sizes.observe(notebook.viewportNode);
  }
}

/** Follow a link to an answer's cell within its notebook, to the text that asks for it: JupyterLab goes to where the cell
 * was before those above it were laid out, which can be pages away. */
function followLinks(shell) {
  const follow = (event) => {
    const link = event.target.closest?.("a[href*='#cell-id=']");
    const panel = shell.currentWidget;
    const path = panel?.context?.path;
    if (!link || !path || !decodeURIComponent(link.pathname).endsWith(`/${path}`)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const ids = panel.content.widgets.map((widget) => widget.model.id);
    const answer = ids.indexOf(decodeURIComponent(link.hash.replace("#cell-id=", "")));
    const before = panel.content.widgets[answer - 1];
    goTo(panel, before?.model.type === "markdown" ? before.model.id : ids[answer]);
  };
  window.addEventListener("click", follow, { capture: true });
}

const plugin = {
  id: "descent:place",
  autoStart: true,
  activate: ({ restored, shell }) => {
    followLinks(shell);
    restored.then(async () => {
      const { path, cell } = page.descentPlace;
      const panel = await opened(shell, path);
      if (panel && window.innerWidth < NARROW) {
        shell.collapseLeft();
      }
      await showAllChapters(shell);
      await goTo(panel, cell);
    });
  },
};

(window._JUPYTERLAB ??= {})["descent"] = {
  init: () => {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
