// What a browser can tell of a page beyond axe; looks.py asks for it. Each returns what is wrong, with the target's id.
({
  structure() {
    const found = [];
    const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[hidden], [aria-hidden=true]");
    const words = (one) => one.textContent.replace(/\s+/g, " ").trim();
    const headings = [...document.querySelectorAll("h1, h2, h3, h4")].filter(shown);
    const firsts = headings.filter((one) => one.tagName === "H1");
    if (firsts.length !== 1) found.push(`A30: ${firsts.length} headings of the first level`);
    if (headings[0] && headings[0].tagName !== "H1" && !headings[0].closest(".error-summary, .alert")) {
      found.push(`A30: begins with ${headings[0].tagName} ${words(headings[0])}`);
    }
    if (!/ · Leeway$/.test(document.title)) found.push(`A30: the title is ${document.title}`);
    if (document.documentElement.lang !== "en") found.push("A39: no language");
    const skip = document.querySelector("body > a.skip");
    if (!skip || !document.querySelector(skip.getAttribute("href"))) found.push("A30: the skip link leads nowhere");
    for (const name of ["main", "header", "footer"]) {
      const number = document.querySelectorAll(`body ${name}`).length;
      if (number !== 1) found.push(`A30: ${number} × ${name}`);
    }
    if (!document.querySelector("#announcer[role=status][aria-live=polite]")) found.push("A13: no live region");
    for (const one of document.querySelectorAll("[tabindex]")) {
      if (Number(one.getAttribute("tabindex")) > 0) found.push(`A08: tabindex ${one.outerHTML.slice(0, 80)}`);
    }
    for (const table of document.querySelectorAll("table")) {
      const isNamed = table.caption || table.hasAttribute("aria-label") || table.hasAttribute("aria-labelledby");
      if (!isNamed) found.push(`A28: a table without a caption ${table.outerHTML.slice(0, 80)}`);
      for (const head of table.querySelectorAll("th:not([scope])")) found.push(`A28: no scope ${words(head)}`);
    }
    for (const one of document.querySelectorAll("[data-status]")) {
      if (shown(one) && !words(one) && !one.getAttribute("aria-label")) {
        found.push(`A20: a status by colour alone ${one.outerHTML.slice(0, 80)}`);
      }
    }
    // Straight in a grid or a row of boxes, a sentence is torn apart at each date and link in it.
    for (const one of document.querySelectorAll("main :is(p, li, dd, td, div)")) {
      if (!shown(one) || !/grid|flex/.test(getComputedStyle(one).display)) continue;
      const hasText = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
      if (hasText && one.querySelector(":scope > :not(svg, .sr-only)")) found.push(`torn apart: ${words(one).slice(0, 80)}`);
    }
    for (const icon of document.querySelectorAll("svg")) {
      if (icon.closest("[aria-hidden=true]") || icon.closest("[role=img]") || icon.getAttribute("aria-label")) continue;
      found.push(`A20: an icon that is neither named nor hidden ${icon.outerHTML.slice(0, 80)}`);
    }
    for (const one of document.querySelectorAll("button, a[href]")) {
      const label = one.getAttribute("aria-label"), seen = words(one);
      if (label && seen && !label.toLowerCase().includes(seen.toLowerCase())) {
        found.push(`A40: “${seen}” is called “${label}”`);
      }
      if (one.title) found.push(`A31: a tooltip ${one.outerHTML.slice(0, 80)}`);
    }
    if (document.querySelector("[draggable=true]")) found.push("A31: something to drag");
    for (const one of document.querySelectorAll("main input:not([type=hidden], [type=checkbox], [type=radio], [type=file])")) {
      if (one.type !== "submit" && !one.hasAttribute("autocomplete")) {
        found.push(`A33: no autocomplete token ${one.outerHTML.slice(0, 80)}`);
      }
    }
    return found;
  },

  emptyAndSend() {
    const form = [...document.querySelectorAll("main form")].find((one) => one.method === "post" && !one.matches("[role=search]"));
    if (!form) return false;
    for (const one of form.elements) {
      if (one.type === "hidden" || one.name === "csrfmiddlewaretoken") continue;
      if (one.type === "checkbox" || one.type === "radio") one.checked = false;
      else if (one.tagName !== "BUTTON" && one.tagName !== "SELECT" && one.tagName !== "FIELDSET") one.value = "";
    }
    form.noValidate = true;
    // After this script: its answer is on the way before the page leaves.
    setTimeout(() => form.requestSubmit());
    return true;
  },

  errors() {
    const found = [];
    const summary = document.querySelector("main .error-summary");
    if (!summary) return ["A17: no summary of errors"];
    if (document.activeElement !== summary) found.push("A17: the focus is not on the summary");
    if (!document.title.startsWith("Error: ")) found.push(`A17: the title is ${document.title}`);
    const before = [...document.querySelectorAll("main h1")][0];
    if (before && !(summary.compareDocumentPosition(before) & Node.DOCUMENT_POSITION_FOLLOWING) && !summary.closest(".sign-in")) {
      found.push("A17: the summary is not on top");
    }
    for (const link of summary.querySelectorAll("a")) {
      const field = document.getElementById(link.getAttribute("href").slice(1));
      if (!field) { found.push(`A18: ${link.textContent} leads nowhere`); continue; }
      const around = field.closest(".field") || field.closest("fieldset") || field.parentElement;
      if (!around.textContent.includes(link.textContent.trim())) found.push(`A18: other words at the field: ${link.textContent}`);
    }
    return found;
  },

  stops() {
    const found = [];
    const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
    const light = (colour) => {
      const part = (value) => { const one = value / 255; return one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4; };
      return 0.2126 * part(colour[0]) + 0.7152 * part(colour[1]) + 0.0722 * part(colour[2]);
    };
    const ground = (one) => {
      for (let each = one.parentElement; each; each = each.parentElement) {
        const colour = rgb(getComputedStyle(each).backgroundColor);
        if (colour.length === 3 || colour[3] === 1) return colour;
      }
      return [255, 255, 255];
    };
    const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
      .filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true })
        && !(one.closest("details:not([open])") && one.tagName !== "SUMMARY"));
    for (const one of stops.slice(0, 150)) {
      one.focus();
      if (document.activeElement !== one) continue;
      const drawn = one.matches("input[type=checkbox], input[type=radio]") ? [one, one.closest("label")] : [one];
      const styles = drawn.filter(Boolean).map((each) => getComputedStyle(each));
      const style = styles.find((each) => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 2);
      const name = one.outerHTML.slice(0, 90);
      if (!style) { found.push(`A06: no focus to be seen ${name}`); continue; }
      const [a, b] = [light(rgb(style.outlineColor)), light(ground(one))].sort((x, y) => y - x);
      if ((a + 0.05) / (b + 0.05) < 3) found.push(`A06: a focus of ${((a + 0.05) / (b + 0.05)).toFixed(1)}:1 ${name}`);
      const box = one.getBoundingClientRect();
      if (box.width < 2 || box.height < 2) continue;
      const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 12)];
      const top = document.elementFromPoint(x, y);
      if (!top) { found.push(`A07: the focus is outside of the window ${name}`); continue; }
      for (let each = top; each && !each.contains(one) && !one.contains(each); each = each.parentElement) {
        if (["sticky", "fixed"].includes(getComputedStyle(each).position)) { found.push(`A07: under a sticky bar ${name}`); break; }
      }
    }
    return found;
  },
})
