(() => {
  const units = { ns: 1, "µs": 1e3, ms: 1e6, s: 1e9 };
  const button = (text, label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", () => act(made));
    return made;
  };
  const key = (row, column) => {
    const text = row.cells[column].innerText.trim();
    if (text.startsWith("not reached")) return Infinity;
    const found = text.match(/^(?:below |only from |[±<>])?([+-]?[\d.]+)(?: \[[^\]]*\])?\s*(ns|µs|ms|s)?/);
    return found ? Number(found[1]) * (units[found[2]] || 1) : text;
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b || 0 :
    typeof a === "number" ? -1 : typeof b === "number" ? 1 : a.localeCompare(b, "en");
  const sort = (head, column) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    const body = head.closest("table").tBodies[0];
    const rows = [...body.rows].map((row) => [key(row, column), row]);
    rows.sort(([a], [b]) => (down ? compare(b, a) : compare(a, b)));
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows.map(([, row]) => row));
  };
  const tsv = (table) => [...table.rows]
    .map((row) => [...row.cells].map((cell) => cell.innerText.replace(/\s+/g, " ").trim()).join("\t"))
    .join("\n");
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  const prepare = (part) => {
    for (const table of part.querySelectorAll("table")) {
      [...table.tHead.rows[0].cells].forEach((head, column) => {
        const made = button("", "", () => sort(head, column));
        made.append(...head.childNodes);
        head.replaceChildren(made);
      });
      const tool = button("Copy as TSV", `Copy as TSV: ${table.caption.textContent}`, async (made) => {
        await copy(tsv(table));
        made.textContent = "Copied";
        setTimeout(() => (made.textContent = "Copy as TSV"), 1500);
      });
      tool.className = "tool";
      table.closest(".table").append(tool);
    }
  };
  prepare(document);
  // What is folded is text until it is opened: most of a page is never looked at.
  const unfold = (drawer) => {
    drawer.open = true;
    const folded = drawer.querySelector(":scope > noscript");
    if (!folded) return;
    const part = document.createElement("div");
    part.innerHTML = folded.textContent;
    folded.replaceWith(part);
    prepare(part);
  };
  for (const drawer of document.querySelectorAll("details")) {
    drawer.addEventListener("toggle", () => drawer.open && unfold(drawer));
  }
  const follow = () => {
    const drawer = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector("details");
    if (!drawer) return;
    unfold(drawer);
    drawer.parentNode.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  follow();
  const root = document.documentElement;
  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = button(dark() ? "Light" : "Dark", "Switch between light and dark", (made) => {
    root.dataset.theme = dark() ? "light" : "dark";
    made.textContent = dark() ? "Light" : "Dark";
  });
  theme.className = "tool theme";
  document.querySelector(".masthead").append(theme);
  addEventListener("beforeprint", () => {
    for (const drawer of document.querySelectorAll("section > details")) unfold(drawer);
    for (const drawer of document.querySelectorAll("details")) drawer.open = true;
  });
})();
