import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    base: string;
  }
}

/** The program under test: `VARP_BIN`, else what cargo built last. */
function program(): string {
  const target = resolve(import.meta.dirname, '../../../../target');
  const built = [process.env['VARP_BIN'], join(target, 'release/varp'), join(target, 'debug/varp')];
  const found = built.find((path) => path && existsSync(path));
  if (!found) throw new Error('build varp first: cargo build');
  return found;
}

async function listening(server: ChildProcess): Promise<string> {
  if (!server.stderr) throw new Error('the server has no standard error');
  for await (const line of createInterface(server.stderr)) {
    const address = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (address) return address;
  }
  throw new Error('varp serve ended before it listened');
}

/** Builds the demonstration register, serves it, and takes both away afterwards. */
export default async function setup(project: TestProject): Promise<() => void> {
  const varp = program();
  const dir = mkdtempSync(join(tmpdir(), 'varp-e2e-'));
  execFileSync(varp, ['demo', '--dir', dir, '--no-serve'], { stdio: 'ignore' });
  const register = ['-r', join(dir, 'nordic.gpkg')];
  const server = spawn(varp, [...register, 'serve', '--quiet', '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  project.provide('base', await listening(server));
  server.stderr?.resume();
  return () => {
    server.kill();
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // it ends while we look
  };
}
