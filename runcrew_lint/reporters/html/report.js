"use strict";
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "runcrew-lint-theme";
  // A page that was opened from a disk may have no storage.
  const kept = (value) => {
    try {
      return value ? localStorage.setItem(KEY, value) : localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const chosen = kept();
  if (chosen) root.dataset.theme = chosen;
  const shown = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  const other = () => (shown() === "dark" ? "light" : "dark");

  function themes() {
    const button = document.querySelector("button.theme");
    const label = () => {
      button.textContent = other() === "dark" ? "Dark" : "Light";
      button.setAttribute("aria-label", `Switch to the ${other()} theme`);
    };
    button.addEventListener("click", () => {
      kept((root.dataset.theme = other()));
      label();
    });
    dark.addEventListener("change", label);
    label();
    button.hidden = false;
  }

  // A link into what is folded or filtered away shows it.
  function reveal(clear) {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    for (let each = target; each; each = each.parentElement) if (each.localName === "details") each.open = true;
    target.scrollIntoView();
  }

  function filters() {
    const form = document.querySelector("form.filter");
    if (!form) return () => {};
    const { words, rule } = form.elements;
    const status = form.querySelector("output");
    const findings = [...document.querySelectorAll(".finding, .rest li")].map((element) => ({
      element,
      rule: element.closest(".rule").dataset.rule,
      family: element.closest(".family").dataset.family,
      severity: element.dataset.severity,
      text: element.textContent.toLowerCase(),
    }));
    const groups = [...document.querySelectorAll(".rest, .rule, .family")];
    const select = () => {
      const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((each) => each.value));
      const [kind, name] = rule.value.split(":");
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const each of findings) {
        const fits =
          severities.has(each.severity) &&
          (!name || each[kind] === name) &&
          wanted.every((word) => each.text.includes(word) || each.rule.includes(word));
        each.element.hidden = !fits;
        count += fits;
      }
      for (const group of groups) group.hidden = !group.querySelector(".finding:not([hidden]), li:not([hidden])");
      const all = count === findings.length;
      const told = `${findings.length} finding${findings.length === 1 ? "" : "s"}`;
      status.textContent = all ? told : `${count} of ${told}`;
    };
    const clear = () => {
      form.reset();
      select();
    };
    form.addEventListener("input", select);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => event.key === "Escape" && clear());
    for (const [name, open] of [["unfold", true], ["fold", false]]) {
      form.elements[name].addEventListener("click", () => {
        for (const each of findings) if (!each.element.hidden && "open" in each.element) each.element.open = open;
      });
    }
    form.hidden = false;
    select();
    return clear;
  }

  document.addEventListener("DOMContentLoaded", () => {
    themes();
    const clear = filters();
    addEventListener("hashchange", () => reveal(clear));
    reveal(clear);
  });
})();
