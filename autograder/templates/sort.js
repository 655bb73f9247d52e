// Each head of a sortable table becomes a button that orders the rows. Empty cells come last.
const inWords = new Intl.Collator(undefined, { numeric: true });

function compare(a, b) {
  if (a === "" || b === "") return (a === "") - (b === "");
  return isNaN(a) || isNaN(b) ? inWords.compare(a, b) : a - b;
}

function value(row, column) {
  const cell = row.cells[column];
  return cell.dataset.value ?? cell.textContent.trim();
}

function sort(table, head) {
  const upwards = head.getAttribute("aria-sort") !== "ascending";
  const column = head.cellIndex;
  const [body] = table.tBodies;
  const rows = [...body.rows].sort((one, other) => {
    const [a, b] = [value(one, column), value(other, column)];
    return a === "" || b === "" || upwards ? compare(a, b) : compare(b, a);
  });
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", upwards ? "ascending" : "descending");
  body.append(...rows);
}

for (const table of document.querySelectorAll("table.sortable")) {
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, head));
    head.append(button);
  }
}
