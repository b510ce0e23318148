// A spreadsheet, written here: one sheet in a zip that is stored, not packed. Numbers are numbers where a
// spreadsheet holds all their digits, text where it would not, and nothing is ever a formula.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** @param {Uint8Array} bytes */
function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** @param {any} value */
const escaped = (value) =>
  String(value).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** @param {any} cell */
function written(cell) {
  if (cell && typeof cell === "object" && !Array.isArray(cell) && "amount" in cell) return written(cell.amount);
  if (cell === null || cell === undefined) return "<c/>";
  if (typeof cell === "boolean") return `<c t="b"><v>${cell ? 1 : 0}</v></c>`;
  const text = typeof cell === "object" ? JSON.stringify(cell) : String(cell);
  const digits = text.replace(/[-.]/g, "").replace(/^0+/, "");
  if (/^-?\d+(\.\d+)?$/.test(text) && digits.length <= 15) return `<c><v>${text}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";

/**
 * Write one table as the bytes of a workbook.
 * @param {string} title
 * @param {string[]} heads
 * @param {{key: string}[]} columns
 * @param {any[][]} rows exact values
 */
export function sheet(title, heads, columns, rows) {
  const line = (/** @type {string[]} */ cells) => `<row>${cells.join("")}</row>`;
  const sheetName = title.replace(/[[\]:*?/\\]/g, " ").slice(0, 31);
  const widths = columns.map((_, i) => `<col min="${i + 1}" max="${i + 1}" width="20" customWidth="1"/>`).join("");
  return zip({
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${escaped(sheetName).replace(/"/g, "&quot;")}" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `${HEAD}<worksheet xmlns="${MAIN}"><cols>${widths}</cols><sheetData>${line(heads.map((text) => `<c t="inlineStr"><is><t>${escaped(text)}</t></is></c>`))}${rows.map((row) => line(row.map(written))).join("")}</sheetData></worksheet>`,
  });
}

/** @param {Record<string, string>} files */
function zip(files) {
  const encoder = new TextEncoder();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const directory = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, bytes] = [encoder.encode(name), encoder.encode(text)];
    // Version, UTF-8 names, stored, a date (1980-01-01), checksum, sizes, length of the name.
    const common = numbers([2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc(bytes)], [4, bytes.length], [4, bytes.length], [2, path.length], [2, 0]);
    parts.push(numbers([4, 0x04034b50]), common, path, bytes);
    directory.push(numbers([4, 0x02014b50], [2, 20]), common, numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), path);
    offset += 4 + common.length + path.length + bytes.length;
  }
  const size = directory.reduce((total, part) => total + part.length, 0);
  const count = Object.keys(files).length;
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]);
  return new Blob([...parts, ...directory, end]);
}

/** Numbers, the least byte first. @param {...[number, number]} sized bytes and value */
function numbers(...sized) {
  return Uint8Array.from(sized.flatMap(([size, value]) => Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 255)));
}
