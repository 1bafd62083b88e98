// Copies what the pages use of the installed packages into static/vendor, which Flask serves.
// Run by `npm run vendor`; needs nothing but Node's own modules.

import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const target = join(here, "static", "vendor");
const building = `${target}.new`;

const FILES = {
  "maplibre-gl": {
    "dist/maplibre-gl.mjs": "maplibre/maplibre-gl.mjs",
    "dist/maplibre-gl-worker.mjs": "maplibre/maplibre-gl-worker.mjs",
    "dist/maplibre-gl.css": "maplibre/maplibre-gl.css",
    "LICENSE.txt": "maplibre/LICENSE.txt",
  },
  "swagger-ui-dist": {
    "swagger-ui.css": "swagger-ui/swagger-ui.css",
    "swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
    LICENSE: "swagger-ui/LICENSE",
  },
  pretendard: {
    "dist/web/static/woff2-subset/Pretendard-Regular.subset.woff2": "pretendard/regular.woff2",
    "dist/web/static/woff2-subset/Pretendard-Bold.subset.woff2": "pretendard/bold.woff2",
    "dist/LICENSE.txt": "pretendard/LICENSE.txt",
  },
};

// KRDS components whose rules are taken over; the rest of its 580 kB stays behind.
const COMPONENTS = [".krds-btn", ".krds-badge", ".krds-input"];

const FONT = [
  [400, "regular.woff2"],
  [700, "bold.woff2"],
]
  .map(
    ([weight, file]) => `@font-face {
  font-family: "Pretendard";
  font-weight: ${weight};
  font-display: swap;
  src: url("${file}") format("woff2");
}`,
  )
  .join("\n");

// Splits a style sheet into its top-level statements; nested blocks stay whole.
function statements(css) {
  const found = [];
  let depth = 0;
  let start = 0;
  const text = css.replace(/\/\*[^]*?\*\//g, "");
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}") depth -= 1;
    if (depth === 0 && (text[at] === "}" || text[at] === ";")) {
      found.push(text.slice(start, at + 1).trim());
      start = at + 1;
    }
  }
  return found;
}

function parts(statement) {
  const brace = statement.indexOf("{");
  if (brace < 0) return { head: statement, body: null };
  return { head: statement.slice(0, brace).trim(), body: statement.slice(brace + 1, -1) };
}

// Our pages are light: rules of the high-contrast and theme modes would never match.
function isOfAnotherMode(head) {
  return head.includes("data-krds-mode");
}

function isWanted(head) {
  return head
    .split(",")
    .every((selector) =>
      COMPONENTS.some((name) => new RegExp(`^\\${name}(?![\\w-])`).test(selector.trim())),
    );
}

// Keeps the rules of the components; those that point at image files are KRDS's own icons.
function pick(css) {
  return statements(css)
    .map((statement) => {
      const { head, body } = parts(statement);
      if (body === null || isOfAnotherMode(head)) return "";
      if (head.startsWith("@media")) {
        const inner = pick(body);
        return inner ? `${head} {\n${inner}\n}` : "";
      }
      return isWanted(head) && !body.includes("url(") ? statement : "";
    })
    .filter(Boolean)
    .join("\n");
}

function tokens(css) {
  return statements(css)
    .map((statement) => {
      const { head, body } = parts(statement);
      if (head !== ":root") return "";
      const lines = body
        .split(";")
        .map((line) => line.trim())
        .filter((line) => line && !/high-contrast/.test(line));
      return `:root {\n  ${lines.join(";\n  ")};\n}`;
    })
    .filter(Boolean)
    .join("\n");
}

async function buildKrds() {
  const css = join(packages, "krds-uiux", "resources", "css");
  const read = (path) => readFile(join(css, path), "utf8");
  const common = statements(await read("common/common.css")).filter(
    (statement) => parts(statement).head === ":root",
  );
  const built = [
    "/* Tokens and components of KRDS (krds-uiux), the design system of Korean public services. */",
    tokens(await read("token/krds_tokens.css")),
    ...common,
    pick(await read("component/component.css")),
  ].join("\n");
  await mkdir(join(building, "krds"), { recursive: true });
  await writeFile(join(building, "krds", "krds.css"), `${built}\n`);
}

async function copyFiles() {
  for (const [name, files] of Object.entries(FILES)) {
    for (const [from, to] of Object.entries(files)) {
      const destination = join(building, to);
      await mkdir(dirname(destination), { recursive: true });
      await cp(join(packages, name, from), destination);
    }
  }
  await writeFile(join(building, "pretendard", "pretendard.css"), `${FONT}\n`);
}

async function main() {
  await rm(building, { recursive: true, force: true });
  await copyFiles();
  await buildKrds();
  // The old folder goes only once the new one is whole.
  await rm(target, { recursive: true, force: true });
  await rename(building, target);
}

await main();
