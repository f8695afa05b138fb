"use strict";
// Filters, keys and the panel. Data enters the page as text only: textContent, never markup.
(() => {
  const at = (id) => document.getElementById(id);
  const rules = JSON.parse(at("rule-names").textContent);
  const documents = [...document.querySelectorAll(".document")];
  const names = new Map(documents.map((d) => [d, d.querySelector(".name").textContent.toLowerCase()]));
  const panel = at("panel");
  const tables = new WeakMap();
  let current = null; // the change in the panel
  let place = null; // where n and p go on from, even after the panel was closed
  let pinned = false;
  let order = null;

  // The panel

  const change = (mark) => {
    const owner = mark.closest(".document");
    if (!tables.has(owner)) tables.set(owner, JSON.parse(owner.querySelector("script").textContent));
    return tables.get(owner)[Number(mark.dataset.n)];
  };

  const say = (id, text) => { at(id).textContent = text; };

  const quote = (id, text) => {
    say(id, text || "nothing");
    at(id).classList.toggle("nothing", text === "");
  };

  const facts = (pairs) => {
    at("panel-facts").hidden = pairs.length === 0;
    at("panel-facts").querySelector("dl").replaceChildren(...pairs.map(([key, value]) => {
      const row = document.createElement("div");
      const [term, text] = [document.createElement("dt"), document.createElement("dd")];
      [term.textContent, text.textContent] = [key, value];
      row.append(term, text);
      return row;
    }));
  };

  const show = (mark) => {
    if (mark === current) return;
    const made = change(mark);
    const [name, summary] = Object.hasOwn(rules, made.code) ? rules[made.code] : ["", ""];
    current?.classList.remove("current");
    current = place = mark;
    mark.classList.add("current");
    mark.removeAttribute("title"); // the panel says it now
    say("panel-code", made.code);
    say("panel-name", name);
    say("panel-because", made.because);
    quote("panel-was", made.was);
    quote("panel-became", made.became);
    facts(made.facts);
    at("panel-rule").hidden = summary === "";
    say("panel-summary", summary);
    say("panel-ignore", `ignore = ["${made.code}"]`);
    say("panel-option", `--ignore ${made.code}`);
    at("panel-pin").hidden = !made.keep;
    say("panel-place", made.place ?? "");
    say("panel-keep", made.keep ?? "");
    at("panel-hint").hidden = true;
    at("panel-body").hidden = false;
    panel.classList.add("open");
    panel.scrollTop = 0;
  };

  const close = () => {
    current?.classList.remove("current");
    current = null;
    pinned = false;
    at("panel-body").hidden = true;
    at("panel-hint").hidden = false;
    panel.classList.remove("open");
  };

  // Which changes are marked: small repairs only when asked for, or when the filter is on their rule

  const marked = (mark) => !mark.classList.contains("quiet") || mark.classList.contains("hit") || at("small").checked;

  const refresh = () => {
    for (const mark of document.querySelectorAll(".quiet:not(.more)")) {
      if (marked(mark)) {
        mark.tabIndex = 0;
        mark.setAttribute("role", "button");
      } else {
        mark.removeAttribute("tabindex");
        mark.removeAttribute("role");
      }
    }
    order = null;
  };

  // Filters

  const filter = () => {
    const rule = at("rule").value;
    const status = at("status").value;
    const words = at("search").value.trim().toLowerCase();
    let found = 0;
    for (const d of documents) {
      d.hidden = !((!rule || d.dataset.rules.split(" ").includes(rule)) && (!status || d.dataset.status === status)
        && names.get(d).includes(words));
      found += d.hidden ? 0 : 1;
    }
    for (const mark of document.querySelectorAll(".change.hit")) mark.classList.remove("hit");
    if (rule) {
      for (const mark of document.querySelectorAll(`.change[data-code="${CSS.escape(rule)}"]`)) mark.classList.add("hit");
      if (found <= 10) for (const d of documents) d.open ||= !d.hidden;
    }
    document.body.classList.toggle("filtered", rule !== "");
    const total = documents.length.toLocaleString("en");
    const all = documents.length === 1 ? "1 document" : `${total} documents`;
    say("found", found === documents.length ? all : `${found.toLocaleString("en")} of ${all}`);
    if (current && current.closest(".document").hidden) close();
    refresh();
  };

  // Keys

  const step = (by) => {
    order ??= documents.filter((d) => !d.hidden).flatMap((d) => [...d.querySelectorAll(".change:not(.more)")])
      .filter((mark) => marked(mark) && (at("rule").value === "" || mark.classList.contains("hit")));
    if (order.length === 0) return;
    const beyond = by > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    const isBeyond = (mark) => !place || place.compareDocumentPosition(mark) & beyond;
    const mark = by > 0 ? order.find(isBeyond) ?? order[0] : order.findLast(isBeyond) ?? order.at(-1);
    mark.closest(".document").open = true;
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center" });
    show(mark);
    pinned = true;
  };

  const keys = {
    n: () => step(1),
    j: () => step(1),
    p: () => step(-1),
    k: () => step(-1),
    "/": () => at("search").focus(),
    "?": () => at("keys").showModal(),
    Escape: close,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
    const mark = event.target.closest?.(".change");
    if (mark && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      show(mark);
      pinned = true;
      return;
    }
    const typing = event.target.matches?.("input[type=search], select");
    if (!Object.hasOwn(keys, event.key) || (typing && event.key !== "Escape")) return;
    if (!typing) event.preventDefault();
    keys[event.key]();
  });

  // Pointing shows, clicking or reaching by Tab shows and stays

  const hold = (event) => {
    const mark = event.target.closest?.(".change");
    if (!mark) return;
    show(mark);
    pinned = true;
  };
  document.addEventListener("click", hold);
  document.addEventListener("focusin", hold);
  document.addEventListener("pointerover", (event) => {
    const mark = event.pointerType === "touch" || pinned ? null : event.target.closest?.(".change");
    if (mark) show(mark);
  });

  // A link to a document opens it; a link on a rule filters by it

  const openTarget = () => {
    const target = documents.find((d) => `#${d.id}` === location.hash);
    if (!target) return;
    if (target.hidden) {
      at("search").value = at("rule").value = at("status").value = "";
      filter();
    }
    target.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", openTarget);
  for (const link of document.querySelectorAll("[data-filter]")) {
    link.addEventListener("click", () => {
      at("rule").value = link.dataset.filter;
      filter();
    });
  }

  at("search").addEventListener("input", filter);
  for (const id of ["rule", "status"]) at(id).addEventListener("change", filter);
  at("small").addEventListener("change", refresh);
  at("previous").addEventListener("click", () => step(-1));
  at("next").addEventListener("click", () => step(1));
  at("help").addEventListener("click", () => at("keys").showModal());
  at("keys-close").addEventListener("click", () => at("keys").close());
  at("close").addEventListener("click", close);

  filter();
  openTarget();
})();
