'use strict';

const { spawn } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { dest, parallel, series, src, task, watch } = require('gulp');

/** What is copied as it stands. The codex (`*.node.json`) comes with the compiler, as `n8n-node build` does it. */
const ICONS = ['icons/**/*.{png,svg}', 'nodes/**/*.{png,svg}', 'credentials/**/*.{png,svg}'];
const SCHEMAS = ['nodes/**/__schema__/**/*.json'];
const SOURCES = ['nodes/**/*.ts', 'credentials/**/*.ts', 'nodes/**/*.node.json'];

const clean = async () => await rm('dist', { recursive: true, force: true });

/** A task that runs the TypeScript compiler and fails when it does. */
const compile = () =>
	spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.json'], { stdio: 'inherit' });

const copy = (name, globs) =>
	Object.assign(() => src(globs, { base: '.', encoding: false, allowEmpty: true }).pipe(dest('dist')), {
		displayName: name,
	});

const icons = copy('icons', ICONS);
const schemas = copy('schemas', SCHEMAS);
const build = series(clean, parallel(compile, icons, schemas));

task('clean', clean);
task('compile', compile);
task('icons', icons);
task('schemas', schemas);
task('build', build);
task('default', build);
task(
	'watch',
	series(build, () => {
		watch(SOURCES, compile);
		watch(ICONS, icons);
		watch(SCHEMAS, schemas);
	}),
);
