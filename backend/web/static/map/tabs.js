// Tabs after the WAI-ARIA pattern: one stop in the tab order, arrows move between them.

/** @param {HTMLElement} tablist @param {(name: string) => void} onSelect */
export function startTabs(tablist, onSelect) {
  const tabs = [...tablist.querySelectorAll('[role="tab"]')];

  function select(name, { focus = false } = {}) {
    for (const tab of tabs) {
      const selected = tab.dataset.list === name;
      tab.setAttribute("aria-selected", String(selected));
      tab.tabIndex = selected ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !selected;
      if (selected && focus) tab.focus();
    }
  }

  tablist.addEventListener("click", ({ target }) => {
    const tab = target.closest('[role="tab"]');
    if (!tab) return;
    select(tab.dataset.list);
    onSelect(tab.dataset.list);
  });
  tablist.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    select(tabs[to].dataset.list, { focus: true });
    onSelect(tabs[to].dataset.list);
  });
  return select;
}
