import { readFile } from 'node:fs/promises';
import { paths } from '../lib/shared/paths.ts';
import { TerminalUser } from './fixtures/terminal.ts';
import { axe, expect, test } from './fixtures/test.ts';

const ONE = paths.lesson('workshop', 'first-steps');
const TWO = paths.lesson('workshop', 'second-steps');

test.describe('a terminal', () => {
  test('stands in the lesson with its machine prepared, and runs what is typed', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('ip netns exec red ping -c 1 10.0.0.2 | grep received');
    await terminal.shows('1 packets transmitted, 1 received, 0% packet loss');
  });

  test('runs code of the text by a button, and comes into sight', async ({ page, isPhone }) => {
    await page.goto(ONE);
    await page.getByRole('button', { name: 'Run' }).first().click();
    const terminal = new TerminalUser(page, isPhone);
    await terminal.ready();
    await terminal.shows(/root@host:~# ip netns list\n(blue|red)/);
    await expect(terminal.panel).toBeInViewport();
  });

  test('changes nothing about the page when it comes @desktop @sqlite', async ({ page, isPhone }) => {
    await page.addInitScript(() => {
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
          if (!hadRecentInput)
            document.documentElement.dataset.shift = String(
              Number(document.documentElement.dataset.shift ?? 0) + value,
            );
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(ONE);
    await new TerminalUser(page, isPhone).open();
    expect(Number((await page.locator('html').getAttribute('data-shift')) ?? 0)).toBeLessThan(0.02);
  });

  test('completes, finds earlier commands, and can be interrupted @desktop', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('echo first');
    await terminal.enter('ip -n red link show');
    await terminal.shows('veth-red@');
    await page.keyboard.type('ip netns exec re');
    await terminal.press('Tab');
    await terminal.shows(/# ip netns exec red $|# ip netns exec red$/m);
    await terminal.press('Control+u', 'Control+r');
    await page.keyboard.type('fir');
    await terminal.shows("(reverse-i-search)`fir': echo first");
    await terminal.press('Enter');
    await terminal.enter('while :; do :; done');
    await terminal.press('Control+c');
    await terminal.enter('echo still $((40 + 2))');
    await terminal.shows('still 42');
  });

  test('keeps the pace of the clock on the wall @desktop @sqlite', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('ip netns exec red ping 10.0.0.2');
    await terminal.shows('icmp_seq=2');
    const before = Date.now();
    await terminal.shows('icmp_seq=4');
    expect(Date.now() - before).toBeGreaterThan(1_200);
    await terminal.press('Control+c');
    await terminal.shows(/4|5 packets transmitted/);
  });

  test('has several shells on one machine', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('echo from the first > note');
    await terminal.panel.getByRole('button', { name: 'New shell on this machine' }).click();
    await expect(terminal.panel.getByRole('tab', { name: 'Shell 2' })).toHaveAttribute('aria-selected', 'true');
    await terminal.shows('root@host');
    await terminal.enter('cat note');
    await terminal.shows('from the first');
    await page.getByRole('tab', { name: 'Shell 1' }).click();
    await terminal.shows('echo from the first > note');
    await page.getByRole('button', { name: 'Close Shell 2' }).click();
    await expect(terminal.panel.getByRole('tab')).toHaveCount(0);
  });

  test('has a machine each for two terminals of a lesson', async ({ page, isPhone }) => {
    await page.goto(TWO);
    const left = new TerminalUser(page, isPhone);
    await left.open();
    await left.enter('ip link add only-left type dummy; ip -br link');
    await left.shows(/only-left +DOWN/);
    await page.getByRole('button', { name: 'Right', exact: true }).click();
    const right = new TerminalUser(page, isPhone, 'right');
    await right.ready();
    await right.enter('ip -br link; echo done');
    await right.shows('\ndone');
    expect((await right.rows()).join('\n')).not.toContain('only-left');
  });

  test('is as it was after a reload', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('cd /tmp; ip netns add green; echo $$ $RANDOM > mark; cat mark');
    await terminal.shows(/\n\d+ \d+\nroot@host:\/tmp#/);
    const before = await terminal.rows();
    await expect(page.getByText('Saved').first()).toBeVisible();
    await page.reload();
    await terminal.open();
    await expect(terminal.panel.getByText('Resumed where you left off.')).toBeVisible();
    expect((await terminal.rows()).filter(Boolean)).toEqual(before.filter(Boolean));
    await terminal.enter('ip netns list | sort | head -1; cat mark');
    await terminal.shows(/\nblue( \(id: \d\))?\n\d+ \d+/);
  });

  test('is as it was on another device', async ({ learner, secondDevice, isPhone }) => {
    const { page } = learner;
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('echo made at home > note; cat note');
    await terminal.shows('\nmade at home');
    await expect(page.getByText('Saved').first()).toBeVisible();
    const other = await secondDevice(learner);
    await other.goto(ONE);
    const there = new TerminalUser(other, isPhone);
    await there.open();
    await there.shows('\nmade at home');
    await there.enter('wc -w note');
    await there.shows('3 note');
  });

  test('can be reset, and the reset undone', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('echo precious > note; cat note');
    await terminal.shows('\nprecious');
    await terminal.choose('Reset this machine');
    await terminal.ready();
    await terminal.showsNot('precious');
    await page.getByRole('button', { name: 'Undo' }).click();
    await terminal.shows('\nprecious');
    await terminal.ready();
    await terminal.enter('cat note note');
    await terminal.shows('precious\nprecious');
  });

  test('lets the keyboard out @desktop @sqlite', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.focus();
    const keyboard = terminal.panel.getByRole('textbox', { name: 'Two rooms, shell 1' });
    await expect(keyboard).toBeFocused();
    await expect(keyboard).toHaveAccessibleDescription('Esc then Tab leaves the terminal');
    await terminal.press('Tab', 'Tab');
    await expect(keyboard).toBeFocused();
    await terminal.press('Escape', 'Tab');
    await expect(keyboard).not.toBeFocused();
    await terminal.focus();
    await terminal.press('Escape', 'Shift+Tab');
    await expect(keyboard).not.toBeFocused();
    await terminal.focus();
    await terminal.press('F6');
    await expect(page.locator('main')).toBeFocused();
  });

  test('breaks no rule of accessibility when it is there, and can be read as text', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('echo one; echo two');
    await terminal.shows('\ntwo');
    await axe(page);
    await terminal.choose('Read as text…');
    const dialog = page.getByRole('dialog', { name: 'Commands and their output' });
    await expect(dialog.getByRole('heading', { name: 'echo one; echo two' })).toBeVisible();
    await expect(dialog.getByText('one\ntwo')).toBeVisible();
    await axe(page);
    await page.keyboard.press('Escape');
    await terminal.choose('Screen reader mode');
    await expect(page.locator('.xterm-accessibility')).toBeAttached();
    await terminal.enter('echo spoken');
    await expect(page.locator('.xterm-accessibility')).toContainText('spoken');
  });

  test('gives a capture to keep', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter(
      'ip netns exec red tcpdump -i veth-red -c 2 -w ping.pcap icmp & sleep 1; ip netns exec red ping -c 1 -q 10.0.0.2; wait; ls',
    );
    await terminal.shows('\nping.pcap');
    await terminal.choose('Download files…');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('ping.pcap');
    const bytes = await readFile(await download.path());
    expect(bytes.readUInt32LE(0)).toBe(0xa1b2c3d4);
    expect(bytes.length).toBe(24 + 2 * (16 + 98));
  });

  test('takes a paste of 1 MB, and binary, and goes on @desktop @sqlite', async ({ page, context, isPhone }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.focus();
    await page.evaluate(() => navigator.clipboard.writeText('x'.repeat(1_000_000)));
    await terminal.press('Control+v');
    await terminal.shows('These 1000000 characters are too many for a command line');
    await terminal.press('Control+c');
    await page.evaluate(() =>
      navigator.clipboard.writeText(
        String.fromCharCode(...Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 65_536)),
      ),
    );
    await terminal.press('Control+v', 'Control+c');
    await terminal.enter('echo alive');
    await terminal.shows('\nalive');
  });

  test('survives a crash of the simulator without losing a command', async ({ page, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('echo kept > note; cat note');
    await terminal.shows('\nkept');
    await page.workers()[0]?.evaluate(() => {
      setTimeout(() => {
        throw new Error('a fault made for this test');
      });
    });
    const panel = terminal.panel.getByRole('alert');
    await expect(panel).toContainText('Nothing is lost');
    await panel.getByText('What happened').click();
    await expect(panel).toContainText('a fault made for this test');
    await panel.getByRole('button', { name: 'Restart', exact: true }).click();
    await terminal.ready();
    await terminal.shows('\nkept');
    await terminal.enter('cat note note');
    await terminal.shows('kept\nkept');
  });

  test('works while the server is away, and keeps what was done', async ({ page, context, isPhone }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, isPhone);
    await terminal.open();
    await terminal.enter('echo online; seq 3');
    await terminal.shows('\n3');
    await page.route('**/api/**', (route) => route.abort());
    await terminal.enter('echo alone > note; cat note');
    await terminal.shows('\nalone');
    await page.unroute('**/api/**');
    await page.reload();
    await terminal.open();
    await terminal.shows('\nalone');
    await context.clearPermissions();
  });
});

test.describe('on a phone', () => {
  test('keys that its keyboard lacks are there, big enough for a finger @phone @sqlite', async ({ page }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, true);
    await terminal.open();
    const input = terminal.panel.getByRole('textbox', { name: 'Command' });
    await input.fill('ip netns exec re');
    await terminal.panel.getByRole('button', { name: 'Tab', exact: true }).tap();
    await terminal.shows('ip netns exec red');
    await input.fill('ping 10.0.0.2');
    await terminal.panel.getByRole('button', { name: 'Send' }).tap();
    await terminal.shows('icmp_seq=1');
    await terminal.panel.getByRole('button', { name: 'Ctrl', exact: true }).tap();
    await input.pressSequentially('c');
    await terminal.shows('packets transmitted');
    await terminal.panel.getByRole('button', { name: 'Up: earlier command' }).tap();
    await terminal.shows(/# ip netns exec red ping 10.0.0.2$/m);
    for (const key of await terminal.panel.getByRole('toolbar', { name: 'Keys' }).getByRole('button').all()) {
      const box = await key.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
  });

  test('the terminal folds away to a bar and lives on @phone @sqlite', async ({ page }) => {
    await page.goto(ONE);
    const terminal = new TerminalUser(page, true);
    await terminal.open();
    await terminal.enter('echo before');
    await page.getByRole('button', { name: 'Fold the terminal away' }).tap();
    await expect(terminal.panel.getByRole('textbox', { name: 'Command' })).toBeHidden();
    await terminal.open();
    await terminal.shows('\nbefore');
  });
});

test('the sandbox is a terminal without a lesson', async ({ page, isPhone }) => {
  await page.goto(paths.sandbox);
  const terminal = new TerminalUser(page, isPhone);
  await terminal.open();
  await terminal.enter('ip -br link');
  await terminal.shows(/\nlo +UNKNOWN/);
  await axe(page);
});
