// A reporter that prints only the output of the benchmark, and errors.

import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';

export default class Quiet implements Reporter {
  onStdOut(text: string | Buffer): void {
    process.stdout.write(text);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const error of result.errors) console.error(`${test.title}: ${error.message}`);
  }

  onEnd(result: FullResult): void {
    if (result.status !== 'passed') console.error(`no figures: ${result.status}`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
