// Builds what the pages load into api/static/dist: one file by content, and its compressed twins.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const statics = join(here, '..', 'static');
const target = join(statics, 'dist');
const fresh = join(here, 'node_modules/.fresh');
const manifest = {};

function keep(name, content) {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const [stem, suffix] = name.split('.');
  const file = `${stem}-${digest}.${suffix}`;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(join(fresh, file), content);
  writeFileSync(join(fresh, `${file}.gz`), gzipSync(content, { level: 9 }));
  writeFileSync(join(fresh, `${file}.br`), brotliCompressSync(content, { params }));
  manifest[name] = file;
}

async function bundle(entry, names) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    target: 'es2020',
    format: 'iife',
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const { path, contents } of result.outputFiles) {
    keep(names[path.slice(path.lastIndexOf('.'))], contents);
  }
}

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
keep('htmx.js', readFileSync(join(here, 'node_modules/htmx.org/dist/htmx.min.js')));
await bundle('src/diagram.js', { '.js': 'diagram.js' });
await bundle('src/viewer.js', { '.js': 'viewer.js', '.css': 'viewer.css' });
// The look is served as it is written; here it only gets its compressed twins.
keep('app.css', readFileSync(join(statics, 'app.css')));
writeFileSync(join(fresh, 'manifest.json'), JSON.stringify(manifest, null, 2));
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
