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

    // Letters of a chart as they are seen, and words of a column of words that are broken inside.
    const letters = all("svg.cc text").filter((text) => text.getBoundingClientRect().width > 0).map((text) => {
      const { a, b } = text.getScreenCTM();
      return parseFloat(view.getComputedStyle(text).fontSize) * Math.hypot(a, b);
    });
    found.letters = letters.length ? Math.min(...letters) : null;
    found.broken = all("#numbers td:last-child, #peers td:last-child").filter((cell) => {
      const word = cell.textContent.trim();
      return word && !/[ -]/.test(word) && cell.scrollHeight > 0 && cell.getClientRects().length &&
        cell.getBoundingClientRect().height > 0 && cell.firstChild && (() => {
          const range = page.createRange();
          range.selectNodeContents(cell);
          return range.getClientRects().length > 1;
        })();
    }).map((cell) => cell.textContent);

    const ids = all("[id]").map((element) => element.id);
    found.repeated_ids = ids.filter((id, place) => ids.indexOf(id) !== place);
    const named = (element) => element.getAttribute("aria-label") || element.textContent.trim() ||
      (element.labels && element.labels.length) ||
      (element.getAttribute("aria-labelledby") || "").split(" ").every((id) => id && page.getElementById(id));
    found.unnamed = all("button, a, input, [role], svg.cc").filter((element) => !element.closest("[aria-hidden=true]") && !named(element))
      .map((element) => element.outerHTML.slice(0, 80));

    // Contrast as the guidelines for accessible content (WCAG 2) have it: 4.5 for text, and 3 where it is large.
    const channels = (colour) => {
      const found = colour.match(/[\d.]+/g).map(Number);
      const scale = colour.startsWith("color(") ? 1 : 255;
      return { rgb: found.slice(0, 3).map((part) => part / scale), alpha: found[3] ?? 1 };
    };
    const over = (front, back) => front.rgb.map((part, i) => part * front.alpha + back[i] * (1 - front.alpha));
    const behind = (element) => {
      if (!element) return [1, 1, 1];
      const colour = channels(view.getComputedStyle(element).backgroundColor);
      return colour.alpha === 1 ? colour.rgb : over(colour, behind(element.parentElement));
    };
    const luminance = (rgb) => {
      const [r, g, b] = rgb.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (element) => {
      const style = view.getComputedStyle(element);
      const back = behind(element.closest("svg")?.parentElement ?? element);
      const ink = channels(element.closest("svg") ? style.fill : style.color);
      const [light, dark] = [luminance(over(ink, back)), luminance(back)].sort((a, b) => b - a);
      return (light + 0.05) / (dark + 0.05);
    };
    const told = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const faint = () => all("body *").filter((element) => {
      const size = parseFloat(view.getComputedStyle(element).fontSize);
      return told(element) && element.getClientRects().length && !element.closest(".cg, script, style, noscript, title, desc") &&
        contrast(element) < (size >= 24 ? 3 : 4.5);
    }).slice(0, 5).map((element) => `${element.textContent.trim().slice(0, 40)}: ${contrast(element).toFixed(2)}`);
    found.faint = faint();

    const dark = () => {
      const [red] = view.getComputedStyle(page.body).backgroundColor.match(/\d+/);
      return Number(red) < 128;
    };
    found.dark = dark();
    one(".theme").click();
    found.dark_after_switch = dark();
    found.faint.push(...faint());

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
