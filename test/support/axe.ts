/** What axe-core finds on a page as it is. */
import axeCore from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/**
 * Each violation's rule, its help and the first places where it is; by a script of the tests, as the page's content security policy would refuse it as its own.
 * Only what is wrong is worked out and comes back: of all that is right the places take most of the time.
 */
export async function faults(page: Page | Frame, { disabled = [] }: { disabled?: string[] } = {}): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axeCore.source);
  const options = { resultTypes: ['violations'], rules: Object.fromEntries(disabled.map((id) => [id, { enabled: false }])) };
  return page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.map((one) => [one.id + ': ' + one.help, ...one.nodes.slice(0, 5).map((node) => node.html)].join('\\n  ')))`);
}
