/** Rows and cells of a CSV text (RFC 4180). The delimiter is the one that the heading uses most. */

function delimiterOf(text: string): string {
  const heading = text.slice(0, text.search(/[\r\n]|$/));
  const count = (one: string) => heading.split(one).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** Returns the cells of each row; an empty line is a row without cells. */
export function readTable(text: string): string[][] {
  const delimiter = delimiterOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  let started = false;

  function endCell(): void {
    row.push(cell);
    cell = "";
  }

  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (character === '"' && cell === "") {
      quoted = true;
      started = true;
    } else if (character === delimiter) {
      endCell();
      started = true;
    } else if (character === "\n" || character === "\r") {
      if (character === "\r" && text.charAt(at + 1) === "\n") at++;
      if (started) endCell();
      rows.push(row);
      row = [];
      started = false;
    } else {
      cell += character;
      started = true;
    }
  }
  if (started) {
    endCell();
    rows.push(row);
  }
  return rows;
}
