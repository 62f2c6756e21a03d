// The browser's half of question.py: shows the question, sends the answer, and says what the kernel told of it.

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

function render({ model, el }) {
  // Each widget has a copy of this module, so a counter would count to one.
  const id = `descent-question-${Math.random().toString(36).slice(2)}`;
  const choices = model.get("choices");
  const root = element("div", "descent-question");
  const told = element("p", "descent-question-told", { id: `${id}-told`, role: "status" });
  const note = element("p", "descent-question-note", { role: "status" });
  const leaving = new AbortController();
  const kernel = pulse({ model, el }, note);

  function send(answer) {
    if (model.get("is_open")) kernel.ask({ event: "answer", answer });
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
    // JupyterLab keeps Enter in an output from submitting the form by itself.
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
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

  keepKeys((target) => root.contains(target), leaving.signal);
  model.on("change", show);
  show();
  kernel.ask({ event: "mounted" });

  return () => {
    leaving.abort();
    kernel.end();
    model.off("change", show);
  };
}

export default { render };
