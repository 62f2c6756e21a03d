// A plugin of JupyterLab, written so that it needs no build: shows all chapters, and the place where a chapter goes on.

const page = JSON.parse(document.getElementById("jupyter-config-data").textContent);

const moment = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Put the file browser back to the top folder: an address of a notebook has led it into the chapter's. */
async function showAllChapters(shell) {
  const sides = [...shell.widgets("left"), ...shell.widgets("right")];
  const browser = sides.find((widget) => widget.id === "filebrowser");
  while (browser?.hasClass("jp-mod-restoring")) {
    await moment();
  }
  await browser?.model.cd("/");
}

/** Make the cell the active one at the top of its notebook, and keep it there until the reader does something. */
async function goTo(shell, { path, cell }) {
  const panel = [...shell.widgets("main")].find((widget) => widget.context?.path === path);
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

const plugin = {
  id: "descent:place",
  autoStart: true,
  activate: ({ restored, shell }) => {
    restored.then(() => showAllChapters(shell)).then(() => goTo(shell, page.descentPlace));
  },
};

(window._JUPYTERLAB ??= {})["descent"] = {
  init: () => {},
  get: async () => () => ({ __esModule: true, default: plugin }),
};
