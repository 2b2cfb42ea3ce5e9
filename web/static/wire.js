"use strict";
// What the site can do better with a little script. Everything works without
// it. Nothing here leaves the browser but requests to this same site.
(() => {
  const store = {
    get(key) { try { return localStorage.getItem("wire." + key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem("wire." + key, value); } catch { /* private mode: forget */ } },
  };
  const make = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const stories = () => [...document.querySelectorAll(".story")];
  const field = document.getElementById("q");

  // New since the last visit. A visit ends after half an hour without a page.
  function markNew() {
    const now = Date.now(), half = 30 * 60 * 1000;
    const latest = Number(store.get("page")) || 0;
    let before = Number(store.get("before")) || 0;
    if (latest && now - latest > half) { before = latest; store.set("before", String(before)); }
    store.set("page", String(now));
    if (!before) return;
    let fresh = 0;
    for (const story of stories()) {
      if (Date.parse(story.dataset.seen) > before) { story.classList.add("fresh"); fresh++; }
    }
    const first = document.querySelector(".day");
    if (!fresh || !first || location.pathname !== "/") return;
    const hours = Math.round((now - before) / 36e5);
    const since = hours < 1 ? "less than an hour ago" : hours < 48 ? hours + " h ago" : Math.round(hours / 24) + " days ago";
    first.before(make("p", { class: "note fresh-line" }, fresh + " new on this page since your last visit, " + since + "."));
  }

  // Suggestions while typing.
  function suggest() {
    if (!field) return;
    const list = make("datalist", { id: "names" });
    field.after(list);
    field.setAttribute("list", "names");
    let timer = 0, running = null;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      if (field.value.split(/\s+/).pop().length < 2) return;
      timer = setTimeout(async () => {
        if (running) running.abort();
        running = new AbortController();
        try {
          const answer = await fetch("/api/v1/suggest?q=" + encodeURIComponent(field.value), { signal: running.signal });
          if (!answer.ok) return;
          list.replaceChildren(...(await answer.json()).items.map((s) => make("option", { value: s.query, label: s.text + " (" + s.kind + ")" })));
        } catch { /* typing went on, or no net: no suggestions */ }
      }, 150);
    });
  }

  // Keys.
  const places = { h: "/", c: "/companies", l: "/clusters", d: "/disputes", t: "/topics", a: "/archive", s: "/sources" };
  const help = [["j", "next article"], ["k", "article before"], ["o", "open it"], ["v", "open the original"], ["/", "search"],
    ["g h", "front page"], ["g c", "companies"], ["g l", "clusters"], ["g d", "disputes"], ["g t", "topics"], ["g a", "archive"], ["g s", "sources"], ["?", "this list"], ["Esc", "close, leave a field"]];
  let dialog = null, pending = false;

  function showHelp() {
    if (!dialog) {
      const off = make("input", { type: "checkbox", id: "keys-off" });
      off.checked = store.get("keys") === "off";
      off.addEventListener("change", () => store.set("keys", off.checked ? "off" : "on"));
      const rows = help.map(([keys, what]) => make("div", {}, make("dt", {}, ...keys.split(" ").flatMap((k, i) => i ? [" ", make("kbd", {}, k)] : [make("kbd", {}, k)])), make("dd", {}, what)));
      dialog = make("dialog", { class: "keys", "aria-labelledby": "keys-title" }, make("h2", { id: "keys-title" }, "Keys"), make("dl", {}, ...rows),
        make("p", {}, off, " ", make("label", { for: "keys-off" }, "Turn single keys off (“?” stays)")), make("form", { method: "dialog" }, make("button", {}, "Close")));
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  }

  function move(step) {
    const all = stories();
    if (!all.length) return;
    const here = all.findIndex((s) => s.contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
    const link = all[next].querySelector("h3 a");
    link.focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
    for (const s of all) s.classList.toggle("at-key", s === all[next]);
  }

  const current = () => stories().find((s) => s.contains(document.activeElement));

  function act(key) {
    if (pending) {
      pending = false;
      if (places[key]) location.assign(places[key]);
      return Boolean(places[key]);
    }
    switch (key) {
      case "j": case "n": move(1); return true;
      case "k": case "p": move(-1); return true;
      case "o": { const s = current(); if (s) location.assign(s.querySelector("h3 a").href); return Boolean(s); }
      case "v": { const a = (current() || document).querySelector("a.out, a.go"); if (a) location.assign(a.href); return Boolean(a); }
      case "/": if (field) { field.focus(); field.select(); } return Boolean(field);
      case "g": pending = true; setTimeout(() => { pending = false; }, 1500); return true;
    }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key === "Escape" && typing) { event.target.blur(); return; }
    if (typing || (dialog && dialog.open)) return;
    if (event.key === "?") { event.preventDefault(); showHelp(); return; }
    if (store.get("keys") !== "off" && act(event.key)) event.preventDefault();
  });

  // An archive that fills: what is shown of it is renewed, and the page once
  // there are first headlines. It gives up after some failures.
  function watchFilling(failures) {
    if (!document.querySelector(".filling") || failures > 5) return;
    setTimeout(async () => {
      if (document.hidden) { watchFilling(failures); return; }
      try {
        const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
        if (!stories().length && fresh.querySelector(".story")) { location.reload(); return; }
        const now = fresh.querySelector(".filling"), old = document.querySelector(".filling");
        if (now) old.replaceWith(now); else old.remove();
        watchFilling(0);
      } catch { watchFilling(failures + 1); }
    }, 4000);
  }

  const button = document.getElementById("keys");
  if (button) { button.hidden = false; button.addEventListener("click", showHelp); }
  markNew();
  suggest();
  watchFilling(0);
})();
