// Improves what already works without script. What the server says, and what happens here:
//   HX-Trigger: {"announce": {"text": "7 students"}}   the live region says it after the swap
//   <… data-announce="7 students">                     the same, for what a swap brings along
//   HX-Trigger: {"theme": {"value": "dark"}}           the page takes the theme that the server has kept
//   data-opens / data-closes                           open and close a <dialog>
//   data-focus                                         gets the focus: an error summary, or what a swap is about
//   data-busy                                          a form whose button shows that it is at work, and is not sent twice
(() => {
  const root = document.documentElement;
  const announcer = () => document.getElementById("announcer");

  const announce = (text) => {
    const region = announcer();
    if (!region || !text) return;
    region.textContent = "";
    // A moment later, so that a screen reader notices the same sentence twice.
    setTimeout(() => { region.textContent = text; }, 60);
  };

  // Dialogs: the browser's own <dialog> keeps focus inside, closes with Escape and gives focus back to the opener.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog) { event.preventDefault(); dialog.showModal(); }
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); }
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });

  // Print buttons: shown only where there is a script to print with.
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // A plain form is sent once: the button says that it is at work and keeps the focus; it is never disabled.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-busy]")) return;
    if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    form.setAttribute("aria-busy", "true");
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Coming back with the browser's button finds the form usable again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-busy][aria-busy], form[data-busy] [aria-busy]").forEach((each) => each.removeAttribute("aria-busy"));
  });

  // A running count of what is ticked, and one box that ticks all: shown only where there is a script to keep them true.
  //   data-selection="name"    around boxes of that name, with [data-selection-count] and [data-selects-all] inside
  document.querySelectorAll("[data-selection]").forEach((part) => {
    const boxes = () => [...part.querySelectorAll(`input[type=checkbox][name="${part.dataset.selection}"]`)];
    const count = part.querySelector("[data-selection-count]");
    const all = part.querySelector("[data-selects-all] input");
    const show = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      if (count) count.textContent = `${ticked} of ${boxes().length} ticked`;
      if (all) { all.checked = ticked > 0 && ticked === boxes().length; all.indeterminate = ticked > 0 && !all.checked; }
      return ticked;
    };
    if (!boxes().length) return;
    if (count) count.hidden = false;
    if (all) all.closest("[data-selects-all]").hidden = false;
    show();
    part.addEventListener("change", (event) => {
      if (event.target === all) boxes().forEach((box) => { box.checked = all.checked; });
      if (event.target === all || event.target.name === part.dataset.selection) announce(`${show()} ticked`);
    });
    window.addEventListener("pageshow", show);
  });

  // Theme: the server has kept the choice and says so.
  document.body.addEventListener("theme", (event) => {
    const value = event.detail.value;
    if (value === "light" || value === "dark") root.setAttribute("data-theme", value);
    else root.removeAttribute("data-theme");
    document.querySelectorAll(".theme [name=theme]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === value));
    });
    announce(`Theme: ${value}`);
  });

  document.body.addEventListener("announce", (event) => announce(event.detail.text));

  // Focus over a swap. htmx gives it back to an element with the same id; we also know links and buttons by what they
  // do. What is gone hands the focus on to the heading (or data-focus) of what came, never to the body.
  let pressed = null;
  const signature = (element) => ({
    id: element.id,
    tag: element.tagName,
    href: element.getAttribute("href"),
    name: element.getAttribute("name"),
    text: element.textContent.trim(),
  });
  const same = (one, element) =>
    element.tagName === one.tag && element.getAttribute("href") === one.href &&
    element.getAttribute("name") === one.name && element.textContent.trim() === one.text;

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    const active = document.activeElement;
    pressed = target && active && active !== document.body && target.contains(active) ? signature(active) : null;
    target?.removeAttribute("aria-busy");
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
  document.body.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));

  const settle = (content) => {
    const wanted = content.matches?.("[data-focus]") ? content : content.querySelector?.("[data-focus]");
    if (wanted) { wanted.focus(); pressed = null; return; }
    if (!pressed) return;
    const before = pressed;
    pressed = null;
    if (document.activeElement && document.activeElement !== document.body) return;
    const again = (before.id && document.getElementById(before.id)) ||
      [...content.querySelectorAll("a, button, input, select, summary")].find((element) => same(before, element));
    const heading = content.querySelector("h1, h2, h3");
    const next = again || heading || document.getElementById("main");
    if (!again && next && !next.hasAttribute("tabindex")) next.setAttribute("tabindex", "-1");
    next?.focus({ preventScroll: Boolean(again) });
  };

  document.body.addEventListener("htmx:afterSettle", (event) => {
    const content = event.detail.elt;
    if (!content?.querySelector) return;
    const said = content.matches("[data-announce]") ? content : content.querySelector("[data-announce]");
    if (said && !event.detail.xhr?.getResponseHeader("HX-Trigger")) announce(said.dataset.announce);
    settle(content);
  });

  // A request that failed says so, to the eye and to the ear; the page stays as it was.
  const tell = (text) => {
    const shown = document.createElement("div");
    shown.className = "alert";
    shown.dataset.status = "failed";
    shown.textContent = text;
    document.getElementById("messages")?.replaceChildren(shown);
    announce(text);
  };
  const saidByServer = (xhr) => {
    try { return JSON.parse(xhr.getResponseHeader("HX-Trigger")).announce.text; } catch { return ""; }
  };
  document.body.addEventListener("htmx:responseError", (event) => tell(
    saidByServer(event.detail.xhr) || "That did not work: the page is as it was. Reload it and try again."));
  document.body.addEventListener("htmx:sendError", () => tell("Leeway did not answer. The page is as it was."));

  // A cell of the board that the focus comes to is shown whole: browsers leave one half outside that is seen in part.
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".board .cell")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  // After a refused form: focus goes to the summary of errors.
  document.querySelector("[data-focus]")?.focus();
})();
