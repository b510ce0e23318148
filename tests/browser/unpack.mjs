// Unpack the browser that npm's @sparticuz/chromium carries inside of itself, with the libraries and
// fonts that a bare machine lacks. Runs in the folder that holds node_modules.
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createBrotliDecompress } from "node:zlib";

const require = createRequire(`${process.cwd()}/`);
const { extract } = require("tar-fs");

/** @param {string} name @param {NodeJS.WritableStream} to */
const unpack = (name, to) =>
  pipeline(
    createReadStream(`node_modules/@sparticuz/chromium/bin/${name}.br`),
    createBrotliDecompress(),
    to,
  );

await unpack("al2023.tar", extract("."));
await unpack("fonts.tar", extract("fontconfig"));
await unpack("swiftshader.tar", extract("."));
await unpack("chromium", createWriteStream("chromium", { mode: 0o755 }));
await writeFile(
  "fontconfig/fonts.conf",
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${process.cwd()}/fontconfig/fonts</dir>
  <cachedir>${process.cwd()}/fontconfig/cache</cachedir>
</fontconfig>
`,
);
