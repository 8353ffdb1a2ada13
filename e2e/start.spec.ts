import { expect, test } from './fixtures/test.ts';

/** `npm start` as an operator meets it: again, stopped, and killed. The site is a production build on its own data. */
test('starts again within seconds, stops cleanly, and leaves nothing behind @desktop @sqlite', async ({
  ownServer,
}) => {
  test.setTimeout(90_000);
  const site = await ownServer();
  expect(site.log()).toContain(`Serving ${site.url}`);
  expect(await site.kill('SIGTERM')).toBe(0);

  const began = Date.now();
  await site.start();
  expect(Date.now() - began, 'milliseconds of the second start').toBeLessThan(30_000);
  expect(site.log()).not.toContain('Building');
});

test('the server ends when its starter is killed @desktop @sqlite', async ({ ownServer }) => {
  test.setTimeout(90_000);
  const site = await ownServer();
  site.killStarter();
  await expect
    .poll(
      () =>
        fetch(site.url).then(
          () => 'serving',
          () => 'gone',
        ),
      { timeout: 10_000 },
    )
    .toBe('gone');
});

test('a second site on the same port is told so @desktop @sqlite', async ({ ownServer }) => {
  test.setTimeout(90_000);
  const site = await ownServer();
  const port = new URL(site.url).port;
  await expect(ownServer({ env: { PORT: port } })).rejects.toThrow(`Port ${port} on localhost is taken`);
});
