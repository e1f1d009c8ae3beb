addEventListener("load", () => {
  const frame = document.querySelector("iframe");
  const [view, page] = [frame.contentWindow, frame.contentDocument];
  const all = (selector) => [...page.querySelectorAll(selector)];
  const one = (selector) => page.querySelector(selector);
  const found = { complaints: view.complaints };
  try {
    found.nodes = all("*").length;
    found.screens = page.documentElement.scrollHeight / 800;
    view.dispatchEvent(new Event("beforeprint"));
    found.width = view.innerWidth;
    found.overflow = Math.max(0, page.documentElement.scrollWidth - view.innerWidth);
    found.requests = view.performance.getEntriesByType("resource").length;

    // A text that leaves its drawing is clipped.
    found.clipped = all("svg.cc text").filter((text) => {
      const outer = text.ownerSVGElement.getBoundingClientRect();
      const inner = text.getBoundingClientRect();
      return inner.width > 0 && (inner.left < outer.left - 0.5 || inner.right > outer.right + 0.5 ||
        inner.top < outer.top - 0.5 || inner.bottom > outer.bottom + 0.5);
    }).map((text) => text.textContent);

    found.wide_tables = all(".scroll").filter((table) => table.scrollWidth > table.clientWidth)
      .map((table) => `${table.parentNode.id}: ${table.scrollWidth} in ${table.clientWidth}`);

    const ids = all("[id]").map((element) => element.id);
    found.repeated_ids = ids.filter((id, place) => ids.indexOf(id) !== place);
    const named = (element) => element.getAttribute("aria-label") || element.textContent.trim() ||
      (element.labels && element.labels.length) ||
      (element.getAttribute("aria-labelledby") || "").split(" ").every((id) => id && page.getElementById(id));
    found.unnamed = all("button, a, input, [role], svg.cc").filter((element) => !element.closest("[aria-hidden=true]") && !named(element))
      .map((element) => element.outerHTML.slice(0, 80));

    const dark = () => {
      const [red] = view.getComputedStyle(page.body).backgroundColor.match(/\d+/);
      return Number(red) < 128;
    };
    found.dark = dark();
    one(".theme").click();
    found.dark_after_switch = dark();

    const table = one("#metg table");
    if (table) {
      const head = () => table.tHead.rows[0].cells[1];
      const column = () => [...table.tBodies[0].rows].map((row) => row.cells[1].textContent);
      head().querySelector("button").click();
      const [first, up] = [head().getAttribute("aria-sort"), column()];
      head().querySelector("button").click();
      const [second, down] = [head().getAttribute("aria-sort"), column()];
      found.sorted = `${first}, ${second}`;
      found.order = up.length > 1 && up.join() === [...down].reverse().join() && up.join() !== down.join();

      let copied = "";
      Object.defineProperty(view.navigator, "clipboard", { value: { writeText: async (text) => { copied = text; } } });
      one("#metg .tool").click();
      found.rows = table.rows.length;
      found.rows_copied = copied.split("\n").length;
    }

    const box = one("#show-0");
    if (box) {
      const series = one(".cc .series-0");
      const shown = () => view.getComputedStyle(series).display;
      const states = [shown()];
      for (let clicks = 0; clicks < 2; clicks += 1) {
        box.click();
        states.push(shown());
      }
      found.series_shown = states.join(", ");
    }
  } catch (error) {
    found.complaints.push(`probe: ${error}`);
  }
  document.title = JSON.stringify(found);
});
