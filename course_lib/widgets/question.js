// The browser's half of question.py: shows the question, sends the answer, and says what the kernel told of it.

// Milliseconds without a word from the kernel after which the reader is told that nobody takes the answer.
const SILENT_AFTER = 4000;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

let made = 0;

function element(tag, className, attributes = {}) {
  const one = document.createElement(tag);
  one.className = className;
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  return one;
}

function render({ model, el }) {
  const id = `descent-question-${++made}`;
  const choices = model.get("choices");
  const root = element("div", "descent-question");
  const told = element("p", "descent-question-told", { id: `${id}-told`, role: "status" });
  const note = element("p", "descent-question-note", { role: "status" });
  const leaving = new AbortController();
  let silence;

  function send(answer) {
    if (model.get("is_open")) speak({ event: "answer", answer });
  }

  function speak(message) {
    clearTimeout(silence);
    silence = setTimeout(() => {
      note.textContent = "This question takes an answer once its cell has been run and the kernel is free.";
    }, SILENT_AFTER);
    model.send(message);
  }

  // --- a button for each choice

  const buttons = choices.map((choice, index) => {
    const button = element("button", "descent-question-choice", { type: "button" });
    const letter = element("span", "descent-question-letter");
    letter.textContent = `${LETTERS[index]})`;
    const text = element("span", "");
    text.innerHTML = choice;
    button.append(letter, text);
    button.addEventListener("click", () => send(index));
    return button;
  });
  const explanations = choices.map(() => element("p", "descent-question-why"));

  // --- or a box for a number

  const box = element("input", "descent-question-box", {
    id: `${id}-box`,
    type: "text",
    inputmode: "text",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": `${id}-unit ${id}-told`,
  });

  if (choices.length) {
    const group = element("div", "", { role: "group", "aria-labelledby": `${id}-text` });
    const question = element("p", "descent-question-text", { id: `${id}-text` });
    question.innerHTML = model.get("question");
    group.append(question);
    buttons.forEach((button, index) => group.append(button, explanations[index]));
    // The letter of a choice is as good as a click, for whoever is among the buttons.
    group.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const index = LETTERS.indexOf(event.key.toLowerCase());
      if (event.key.length !== 1 || index < 0 || index >= buttons.length) return;
      event.preventDefault();
      buttons[index].focus();
      send(index);
    });
    root.append(group);
  } else {
    const form = element("form", "");
    const question = element("label", "descent-question-text", { for: `${id}-box` });
    const unit = element("span", "", { id: `${id}-unit` });
    const submit = element("button", "descent-question-submit", { type: "submit" });
    const line = element("div", "descent-question-line");
    question.innerHTML = model.get("question");
    unit.textContent = model.get("unit");
    submit.textContent = "Guess";
    line.append(box, unit, submit);
    form.append(question, line);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(box.value);
    });
    root.append(form);
  }
  root.append(told, note);
  el.append(root);

  // --- what the kernel says

  function show() {
    const [chosen, right, isOpen] = [model.get("chosen"), model.get("right"), model.get("is_open")];
    const whys = model.get("explanations");
    buttons.forEach((button, index) => {
      button.setAttribute("aria-pressed", String(index === chosen));
      // Not `disabled`: that would take the focus away from whoever has just pressed it.
      button.setAttribute("aria-disabled", String(!isOpen));
      button.dataset.mark = !whys.length ? "" : index === right ? "right" : "wrong";
      explanations[index].innerHTML = whys[index] ?? "";
    });
    if (document.activeElement !== box || model.get("typed")) box.value = model.get("typed");
    box.setAttribute("aria-invalid", String(model.get("is_refused")));
    if (told.innerHTML !== model.get("told")) told.innerHTML = model.get("told");
  }

  function hear() {
    clearTimeout(silence);
    note.textContent = "";
  }

  // JupyterLab takes plain keys for its own (D D deletes the cell, Enter opens it) unless told not to; it looks while
  // the event comes down to the document, so this must come before.
  window.addEventListener(
    "keydown",
    (event) => {
      if (!root.contains(event.target)) return;
      const isLabs = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
      event.target.toggleAttribute("data-lm-suppress-shortcuts", !isLabs);
    },
    { capture: true, signal: leaving.signal },
  );

  model.on("change", show);
  model.on("msg:custom", hear);
  show();
  speak({ event: "mounted" });

  return () => {
    leaving.abort();
    clearTimeout(silence);
    model.off("change", show);
    model.off("msg:custom", hear);
  };
}

export default { render };
